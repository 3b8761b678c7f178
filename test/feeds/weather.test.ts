import { describe, expect, test } from 'vitest';
import { weather } from '../../feeds/weather/index.ts';
import type { Obs } from '../../feeds/weather/messages.ts';
import { reportSec } from '../../feeds/weather/network.ts';
import { stations } from '../../feeds/weather/stations.ts';
import { digest, expectClean, expectDeterministic, type Published, runInVirtualTime } from '../../src/feed/testing.ts';

const from = Date.UTC(2026, 5, 21, 20) * 1000;

describe('the weather feed', () => {
  test('knows all stations and their weather at once', async () => {
    const run = await runInVirtualTime(weather, { from, forMs: 1000 });

    expectClean(run);
    const rows = run.published.filter(({ topic }) => topic === 'weather.sim.stations');
    expect(rows.map(({ key }) => key)).toEqual(stations.map(({ id }) => id));
    expect(rows[0]!.data).toMatchObject({ id: 'KSEA', name: 'Seattle', tz: 'America/Los_Angeles' });
    expect(new Set(observations(run.published).map(({ topic }) => topic)).size).toBe(stations.length);
  });

  test('tells each station once a minute, one after the other, at the second it was due', async () => {
    const run = await runInVirtualTime(weather, { from, forMs: 600_500 });

    expectClean(run);
    const later = observations(run.published).filter(({ ts }) => ts > from);
    expect(later).toHaveLength(stations.length * 10);
    expect(later.every(({ ts }) => ts % 1e6 === 0)).toBe(true);
    expect(later.map(({ ts }) => ts)).toEqual(later.map(({ ts }) => ts).toSorted((a, b) => a - b));
    const seattle = of(later, 'KSEA').map(({ ts }) => ts);
    expect(seattle.slice(1).every((ts, i) => ts - seattle[i]! === reportSec * 1e6)).toBe(true);
  });

  test.each(['1', '2', '3'])(
    'opens with three days of half hours, which end in the present (seed %s)',
    async (seed) => {
      const run = await runInVirtualTime(weather, { from: from + 250_000, forMs: 100, seed });

      expectClean(run);
      for (const { id } of stations) {
        const seen = of(run.published, id);
        expect(seen).toHaveLength(72 * 2 + 1);
        const times = seen.map(({ ts }) => ts);
        expect(times.at(-1)).toBe(from + 250_000);
        expect(times.slice(1, -1).every((ts, i) => ts - times[i]! === 1800e6)).toBe(true);
        expect(times[0]).toBe(from - 72 * 3600e6);
        const warmth = seen.map(({ data }) => (data as Obs).t ?? Number.NaN);
        const jumps = warmth.slice(1).map((t, i) => Math.abs(t - warmth[i]!));
        expect(Math.max(...jumps.filter((jump) => !Number.isNaN(jump)))).toBeLessThan(6);
        expect(seen.some(({ data }) => (data as Obs).isDay !== (seen[0]!.data as Obs).isDay)).toBe(true);
      }
    },
  );

  test('a shorter past is the end of a longer one, but for what chance does to instruments', async () => {
    const pastOf = async (pastHours: number) => {
      const config = { pastHours, stations: ['KSEA'] };
      const { published } = await runInVirtualTime(weather, { from, forMs: 100, config });
      return of(published, 'KSEA').map(({ ts, data }) => [ts, (data as Obs).slp, (data as Obs).cloud]);
    };
    const long = await pastOf(72);
    const isMissing = ([, slp]: unknown[]) => slp === null;
    const short = await pastOf(6);
    expect(short).toHaveLength(13);
    expect(long.slice(-13).filter((row, i) => !isMissing(row) && !isMissing(short[i]!))).toEqual(
      short.filter((row, i) => !isMissing(row) && !isMissing(long.slice(-13)[i]!)),
    );
    expect(await pastOf(0)).toHaveLength(1);
  });

  test('at sixty times the speed the past lies sixty times as near', async () => {
    const run = await runInVirtualTime(weather, { from, forMs: 100, config: { speed: 60, stations: ['KSEA'] } });
    expectClean(run);
    const times = of(run.published, 'KSEA').map(({ ts }) => ts);
    expect(times.slice(1).every((ts, i) => ts - times[i]! === 30e6)).toBe(true);
  });

  test('is a function of the seed', async () => {
    const options = { from, forMs: 120_000, config: { stations: ['KSEA', 'EGLL'] } };
    await expectDeterministic(weather, options);
    const one = await runInVirtualTime(weather, { ...options, seed: 'one' });
    const two = await runInVirtualTime(weather, { ...options, seed: 'two' });
    expect(digest(one.published)).not.toBe(digest(two.published));
  });

  test('says the same of a station whichever others are asked for', async () => {
    const all = await runInVirtualTime(weather, { from, forMs: 300_000 });
    const one = await runInVirtualTime(weather, { from, forMs: 300_000, config: { stations: ['RJTT'] } });
    expect(of(all.published, 'RJTT')).toEqual(of(one.published, 'RJTT'));
  });

  test('says the same however often it looks', async () => {
    const often = await runInVirtualTime(weather, { from, forMs: 240_001, config: { everyMs: 250 } });
    const seldom = await runInVirtualTime(weather, { from, forMs: 240_001, config: { everyMs: 60_000 } });
    expect(digest(often.published)).toBe(digest(seldom.published));
  });

  test('shows a day in 24 minutes at sixty times the speed, in the time of the clock', async () => {
    const forMs = 24 * 60_000;
    const run = await runInVirtualTime(weather, { from, forMs, config: { stations: ['KSEA'], speed: 60 } });

    expectClean(run);
    const seen = of(run.published, 'KSEA');
    expect(seen.length).toBeGreaterThanOrEqual(1439);
    expect(seen.at(-1)!.ts).toBeLessThanOrEqual(from + forMs * 1000);
    const sunny = seen.map(({ data }) => (data as Obs).ghi ?? 0);
    expect(Math.max(...sunny)).toBeGreaterThan(200);
    expect(Math.min(...sunny)).toBe(0);
  });

  test.each([
    [{ stations: ['KSEA', 'NOPE'] }, 'unknown weather station "NOPE"'],
    [{ stations: ['KSEA', 'KSEA'] }, 'twice'],
    [{ speed: 0 }, 'speed'],
  ])('refuses the configuration %j', async (config, complaint) => {
    await expect(runInVirtualTime(weather, { config, forMs: 1000 })).rejects.toThrow(complaint);
  });
});

function observations(published: readonly Published[]): Published[] {
  return published.filter(({ topic }) => topic.endsWith('.obs'));
}

function of(published: readonly Published[], id: string): Published[] {
  return published.filter(({ topic }) => topic === `weather.sim.${id}.obs`);
}
