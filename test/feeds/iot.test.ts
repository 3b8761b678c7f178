import { describe, expect, test } from 'vitest';
import { iot } from '../../feeds/iot/index.ts';
import type { Measurement, State } from '../../feeds/iot/messages.ts';
import { digest, expectClean, expectDeterministic, type Published, runInVirtualTime } from '../../src/feed/testing.ts';

const from = Date.UTC(2026, 2, 20, 12) * 1000;

describe('the iot feed', () => {
  test('has every kind of device at three sites, all born at once', async () => {
    const run = await runInVirtualTime(iot, { from, forMs: 1000 });

    expectClean(run);
    const births = run.published.filter(({ topic, ts }) => topic.endsWith('.state') && ts === from);
    expect(births).toHaveLength(24);
    expect(births.every(({ data }) => (data as State).status === 'birth')).toBe(true);
    const topics = births.map(({ topic }) => topic);
    expect(new Set(topics.map((topic) => topic.split('.')[1]))).toEqual(new Set(['seattle', 'berlin', 'singapore']));
    expect(topics).toContain('iot.berlin.pv-01.state');
    expect(topics).toContain('iot.singapore.room-02.state');
  });

  test('samples every device every five seconds, in turns, under topics its certificate names', async () => {
    const run = await runInVirtualTime(iot, { from, forMs: 300_000 });

    expectClean(run);
    const certified = certifiedTopics(run.published);
    const measured = run.published.filter(({ topic }) => topic.includes('.m.'));
    expect(new Set(measured.map(({ topic }) => topic))).toEqual(certified);
    expect(measured.length / (certified.size * 60)).toBeGreaterThan(0.95);
    expect(measured.every(({ data }) => (data as Measurement).q === 0 && (data as Measurement).mt === undefined)).toBe(
      true,
    );
    expect(new Set(measured.map(({ ts }) => (ts / 1e6) % 5)).size).toBe(5);
  });

  test('is a function of the seed', async () => {
    const options = { from, forMs: 60_000 };
    await expectDeterministic(iot, options);
    const one = await runInVirtualTime(iot, { ...options, seed: 'one' });
    const two = await runInVirtualTime(iot, { ...options, seed: 'two' });
    expect(digest(one.published)).not.toBe(digest(two.published));
  });

  test('a device says the same whichever devices and sites are with it', async () => {
    const many = await runInVirtualTime(iot, { from, forMs: 120_000, config: { devices: 60 } });
    const few = await runInVirtualTime(iot, { from, forMs: 120_000, config: { devices: 9 } });
    const alone = await runInVirtualTime(iot, { from, forMs: 120_000, config: { devices: 2, sites: 1 } });
    expect(under(many.published, 'iot.berlin.pv-01.')).toEqual(under(few.published, 'iot.berlin.pv-01.'));
    expect(under(few.published, 'iot.seattle.pv-01.').length).toBeGreaterThan(90);
    expect(under(alone.published, 'iot.seattle.pv-01.')).toEqual(under(few.published, 'iot.seattle.pv-01.'));
  });

  test('says the same however often it looks', async () => {
    const often = await runInVirtualTime(iot, { from, forMs: 120_001, config: { everyMs: 500 } });
    const seldom = await runInVirtualTime(iot, { from, forMs: 120_001, config: { everyMs: 60_000 } });
    expect(digest(often.published)).toBe(digest(seldom.published));
  });

  test("in a faster world measurements carry the device's own time", async () => {
    const config = { devices: 1, sites: 1, speed: 60, sampleEverySec: 60 };
    const run = await runInVirtualTime(iot, { from, forMs: 60_000, config });

    expectClean(run);
    const times = under(run.published, 'iot.seattle.room-01.m.temperature').map(({ ts, data }) => ({
      ts,
      mt: (data as Measurement).mt!,
    }));
    expect(times.length).toBeGreaterThan(55);
    for (const { ts, mt } of times) expect(Math.abs((mt - from) / 60 - (ts - from))).toBeLessThan(2);
  });

  test.each([
    [{ sites: 0 }, 'sites'],
    [{ devices: 1.5 }, 'devices'],
    [{ speed: 0.5 }, 'speed'],
    [{ site: 3 }, 'site'],
  ])('refuses the configuration %j', async (config, complaint) => {
    await expect(runInVirtualTime(iot, { config, forMs: 1000 })).rejects.toThrow(complaint);
  });
});

function certifiedTopics(published: readonly Published[]): Set<string> {
  const names = published
    .filter(({ topic }) => topic.endsWith('.state'))
    .flatMap(({ topic, data }) => (data as State).metrics.map(({ name }) => topic.replace(/state$/, `m.${name}`)));
  return new Set(names);
}

function under(published: readonly Published[], prefix: string): Published[] {
  return published.filter(({ topic }) => topic.startsWith(prefix));
}
