import { describe, expect, test } from 'vitest';
import { places } from '../../feeds/iot/places.ts';
import type { Reading } from '../../feeds/iot/profile.ts';
import { profiles } from '../../feeds/iot/profiles/index.ts';
import { clearSkyIrradiance, sunAt } from '../../feeds/physics/sun.ts';
import { Atmosphere } from '../../feeds/weather/atmosphere.ts';
import { localOffsetHours } from '../../feeds/weather/rain.ts';
import { RegionalField } from '../../feeds/weather/regional-field.ts';
import { createRng } from '../../src/feed/random.ts';

const startSec = Date.UTC(2026, 0, 1) / 1000;
const stepSec = 60;

describe.each(profiles.map((profile) => profile.kind))('a %s', (kind) => {
  test.each([
    ['winter', 'moscow', '2026-01-01'],
    ['summer', 'dubai', '2026-06-15'],
  ])('keeps every metric in its bounds and of its type through a %s in %s', (_, site, from) => {
    const { metrics } = profileOf(kind);
    const wrong = sampled(kind, site, 60, 300, [], Date.parse(from) / 1000).filter(
      ({ values }) => values.length !== metrics.length || metrics.some((metric, i) => !fits(values[i]!, metric)),
    );
    expect(wrong).toEqual([]);
  });
});

describe('a solar inverter', () => {
  const { lat, lon } = placeOf('seattle').station;
  const samples = sampled('pv', 'seattle', 20, stepSec);
  const night = samples.filter(({ sec }) => sunAt(sec / 3600, lat, lon).cosZenith <= 0);

  test('gives nothing at night', () => {
    expect(night.length).toBeGreaterThan(1000);
    expect(night.every(({ values }) => values[0] === 0 && values[3] === 'night')).toBe(true);
  });

  test('gives most at noon, and never more than a clear sky could', () => {
    const best = samples.reduce((a, b) => (Number(b.values[0]) > Number(a.values[0]) ? b : a));
    expect(Math.abs(sunAt(best.sec / 3600, lat, lon).solarHour - 12)).toBeLessThan(3);
    // The largest roof there is, its cells at −15 °C, and the rounding of the report.
    const limit = (sec: number) => 0.19 * 120 * 1.16 * clearSkyIrradiance(sunAt(sec / 3600, lat, lon).cosZenith) + 0.05;
    expect(samples.filter(({ sec, values }) => Number(values[0]) > limit(sec))).toEqual([]);
  });
});

test.each(['pv', 'meter'])('the counter of a %s never goes back, and grows by the power', (kind) => {
  const samples = sampled(kind, 'berlin', 10, stepSec);
  const counter = samples.map(({ values }) => Number(values[1]));
  expect(counter.slice(1).findIndex((kWh, i) => kWh < counter[i]!)).toBe(-1);
  const integral = samples.slice(1).reduce((sum, { values }) => sum + (Number(values[0]) * stepSec) / 3.6e6, 0);
  expect(counter.at(-1)! - counter[0]!).toBeCloseTo(integral, 0);
});

test('a room is kept warm by day in winter, and people make its air heavy', () => {
  const samples = sampled('room', 'berlin', 30, stepSec).slice(2 * 1440);
  const noons = samples.filter(({ localHour }) => localHour >= 12 && localHour < 14);
  const nights = samples.filter(({ localHour }) => localHour >= 2 && localHour < 4);
  expect(mean(noons, 0)).toBeGreaterThan(19.5);
  expect(mean(noons, 2)).toBeGreaterThan(mean(nights, 2) + 200);
  expect(new Set(samples.map(({ values }) => values[3])).size).toBeGreaterThan(1);
});

test('a meter shows a morning and an evening peak', () => {
  const samples = sampled('meter', 'berlin', 30, stepSec);
  const at = (hour: number) =>
    mean(
      samples.filter(({ localHour }) => Math.floor(localHour) === hour),
      0,
    );
  expect(at(7)).toBeGreaterThan(1.3 * at(3));
  expect(at(19)).toBeGreaterThan(1.3 * at(13));
});

test('a pump wears out, warns, fails, and is as new after service', () => {
  const events: string[] = [];
  const samples = sampled('pump', 'seattle', 150, 300, events);
  const [warned, failed, serviced] = ['high-vibration', 'pump-failed', 'pump-serviced'].map((kind) =>
    events.indexOf(kind),
  );
  expect(warned).toBeGreaterThanOrEqual(0);
  expect(failed).toBeGreaterThan(warned!);
  expect(serviced).toBeGreaterThan(failed!);
  const stopped = samples.filter(({ values }) => values[3] === false);
  expect(stopped.length).toBeGreaterThan(0);
  expect(stopped.every(({ values }) => values[2] === 0 && Number(values[0]) < 0.2)).toBe(true);
});

test('a tank fills when low and stops when full', () => {
  const events: string[] = [];
  sampled('tank', 'seattle', 10, stepSec, events);
  expect(events.length).toBeGreaterThan(4);
  expect(events.every((kind, i) => i === 0 || kind !== events[i - 1])).toBe(true);
});

test('a truck moves no faster than it may, opens its door only at a stop, and the box warms then', () => {
  const samples = sampled('truck', 'singapore', 3, 5);
  let fastest = 0;
  for (let i = 1; i < samples.length; i++) {
    fastest = Math.max(fastest, metresBetween(samples[i - 1]!.values, samples[i]!.values) / 5);
  }
  expect(samples.filter(({ values }) => values[4] === true && values[2] !== 0)).toEqual([]);
  expect(fastest).toBeLessThan(30);
  expect(samples.some(({ values }) => values[4] === true)).toBe(true);
  const rises = samples.flatMap(({ values }, i) => {
    const later = samples[i + 20]?.values;
    return values[4] === true && later?.[4] === true ? [Number(later[3]) - Number(values[3])] : [];
  });
  expect(rises.reduce((a, b) => a + b, 0) / rises.length).toBeGreaterThan(0.3);
});

test('dust is worst in the rush hours and coarse dust includes the fine', () => {
  const samples = sampled('air', 'berlin', 60, 300);
  const at = (hour: number) =>
    mean(
      samples.filter(({ localHour }) => Math.floor(localHour) === hour),
      0,
    );
  expect(at(8)).toBeGreaterThan(1.2 * at(3));
  expect(samples.every(({ values }) => Number(values[1]) >= Number(values[0]))).toBe(true);
});

type Sample = { readonly sec: number; readonly localHour: number; readonly values: Reading[] };

function sampled(
  kind: string,
  site: string,
  days: number,
  everySec: number,
  events: string[] = [],
  from = startSec,
): Sample[] {
  const place = placeOf(site);
  const rng = (name: string) => createRng('profiles', name);
  const field = new RegionalField(from / 3600, rng);
  const sky = new Atmosphere(place.station, from / 3600, field, rng);
  const body = profileOf(kind).create({ place, rng, raise: (event) => void events.push(event.kind) });
  return Array.from({ length: (days * 86_400) / everySec }, (_, i) => {
    const sec = from + (i + 1) * everySec;
    if (sec % 60 === 0) sky.advance(sec / 3600);
    const localHour = (((sec / 3600 + localOffsetHours(place.station.lon)) % 24) + 24) % 24;
    body.advance({ sec, stepSec: everySec, localHour, air: sky.air });
    return { sec, localHour, values: body.read() };
  });
}

function profileOf(kind: string) {
  return profiles.find((profile) => profile.kind === kind)!;
}

function placeOf(site: string) {
  return places.find(({ id }) => id === site)!;
}

function fits(value: Reading, { type, min, max }: { type: string; min?: number; max?: number }): boolean {
  if (type === 'bool') return typeof value === 'boolean';
  if (type === 'str') return typeof value === 'string' && value !== '';
  if (typeof value !== 'number' || !Number.isFinite(value)) return false;
  if (type === 'i64' && !Number.isInteger(value)) return false;
  return value >= (min ?? -Infinity) && value <= (max ?? Infinity);
}

function metresBetween([latA, lonA]: Reading[], [latB, lonB]: Reading[]): number {
  const north = (Number(latB) - Number(latA)) * 111_200;
  const east = (Number(lonB) - Number(lonA)) * 111_200 * Math.cos((Number(latA) * Math.PI) / 180);
  return Math.hypot(north, east);
}

function mean(samples: readonly Sample[], index: number): number {
  return samples.reduce((sum, { values }) => sum + Number(values[index]), 0) / samples.length;
}
