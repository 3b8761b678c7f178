import { describe, expect, test } from 'vitest';
import { relativeHumidity } from '../../feeds/physics/humidity.ts';
import { clearSkyIrradiance, sunAt } from '../../feeds/physics/sun.ts';
import { Atmosphere } from '../../feeds/weather/atmosphere.ts';
import { type Obs, obsMessage } from '../../feeds/weather/messages.ts';
import { type Due, reportSec, WeatherNetwork } from '../../feeds/weather/network.ts';
import { Observer } from '../../feeds/weather/observer.ts';
import { RegionalField } from '../../feeds/weather/regional-field.ts';
import { type Station, stationOf, stations } from '../../feeds/weather/stations.ts';
import { createRng } from '../../src/feed/random.ts';

const startSec = Date.UTC(2025, 0, 1) / 1000;

describe('a year of observations every half hour', () => {
  for (const id of ['KSEA', 'KNYC', 'EFHK', 'WSSS', 'HECA']) {
    const year = observeYear(stationOf(id), 'a');

    test(`${id}: never leaves what is physically possible`, () => {
      expect(year.flatMap((step) => impossibilities(stationOf(id), step))).toEqual([]);
    });

    test(`${id}: relative humidity follows from the published temperatures`, () => {
      const errors = year.map(({ obs: { t, td, rh } }) =>
        t === null || td === null || rh === null ? 0 : Math.abs(relativeHumidity(t, td) - rh),
      );
      expect(Math.max(...errors)).toBeLessThan(1.5);
    });

    test(`${id}: the rain of the reports is all the rain that fell`, () => {
      const reported = year.reduce((sum, { obs }) => sum + obs.precip, 0);
      expect(Math.abs(reported - year.at(-1)!.totalMm)).toBeLessThan(0.02);
      expect(reported).toBeGreaterThan(0);
    });

    test(`${id}: has instruments missing or suspect now and then, and says so`, () => {
      const share = (qc: Obs['qc']) => year.filter(({ obs }) => obs.qc === qc).length / year.length;
      expect(share('missing')).toBeGreaterThan(0.0005);
      expect(share('missing')).toBeLessThan(0.005);
      expect(share('suspect')).toBeGreaterThan(0);
      const isWhole = ({ obs }: Step) =>
        [obs.t, obs.td, obs.rh, obs.slp, obs.p, obs.wind, obs.ghi, obs.vis].every((v) => v !== null);
      expect(year.filter((step) => step.obs.qc !== 'missing').every(isWhole)).toBe(true);
    });
  }

  test('every observation fits its schema', () => {
    for (const { obs } of observeYear(stationOf('LFPG'), 'schema').filter((_, i) => i % 50 === 0)) {
      expect(obsMessage.safeParse(obs).error).toBeUndefined();
    }
  });
});

test('as much rain falls whatever the step, also over midnight', () => {
  const fallenIn = (stepHours: number) => {
    const [begin, end] = [startSec / 3600, startSec / 3600 + 90 * 24];
    const field = new RegionalField(begin, rngOf('rain'));
    const atmosphere = new Atmosphere(stationOf('KSEA'), begin, field, rngOf('rain'));
    for (let hours = begin; hours < end; hours += stepHours) atmosphere.advance(hours);
    atmosphere.advance(end);
    return atmosphere.rain.totalMm;
  };
  expect(fallenIn(0.47)).toBeCloseTo(fallenIn(0.1), 6);
  expect(fallenIn(0.5)).toBeGreaterThan(50);
});

describe('the climate of two fitted cities', () => {
  for (const id of ['KSEA', 'KNYC']) {
    const days = daysOf(stationOf(id), 'climate', 3);
    const wet = days.filter(({ mm }) => mm > 0.2);
    const dry = days.filter(({ mm }) => mm <= 0.2);

    test(`${id}: dry days have the larger daily range, without being told to`, () => {
      const ratio = mean(dry.map(({ range }) => range)) / mean(wet.map(({ range }) => range));
      expect(ratio).toBeGreaterThan(1.15);
      expect(ratio).toBeLessThan(2.2);
    });

    test(`${id}: wet days are cloudy and come with low pressure`, () => {
      expect(mean(wet.map(({ cloud }) => cloud)) - mean(dry.map(({ cloud }) => cloud))).toBeGreaterThan(0.2);
      expect(mean(dry.map(({ slp }) => slp)) - mean(wet.map(({ slp }) => slp))).toBeGreaterThan(1);
    });

    test(`${id}: the year is as warm and as wet as the station's table says`, () => {
      const { meanC, wetAfterDry, wetAfterWet, wetDayMm } = stationOf(id);
      expect(Math.abs(mean(days.map(({ celsius }) => celsius)) - meanC)).toBeLessThan(1.2);
      expect(Math.abs(wet.length / days.length - wetAfterDry / (1 + wetAfterDry - wetAfterWet))).toBeLessThan(0.08);
      expect(Math.abs(mean(wet.map(({ mm }) => mm)) / wetDayMm - 1)).toBeLessThan(0.25);
    });

    test(`${id}: pressure never moves more than 3 hPa in an hour`, () => {
      expect(Math.max(...days.map(({ swiftest }) => swiftest))).toBeLessThan(3);
    });
  }
});

describe('a network of stations', () => {
  test('the same seed gives the same reports, another seed others', () => {
    const chosen = ['KSEA', 'EGLL', 'RJTT'].map(stationOf);
    expect(reports(chosen, 'x')).toEqual(reports(chosen, 'x'));
    expect(reports(chosen, 'y')).not.toEqual(reports(chosen, 'x'));
  });

  test('leaving stations out changes nothing for the others', () => {
    const ids = ['EGLL', 'LFPG'];
    const alone = reports(ids.map(stationOf), 'x');
    const among = reports(stations, 'x').filter(({ station }) => ids.includes(station.id));
    expect(among).toEqual(alone);
    expect(reports([stationOf('EGLL')], 'x')).toEqual(alone.filter(({ station }) => station.id === 'EGLL'));
  });

  test('how often it is looked at changes nothing', () => {
    const often = new WeatherNetwork(stations, startSec, rngOf('x'));
    const seen: Due[] = [];
    for (let sec = 1; sec <= 600; sec++) seen.push(...often.advanceTo(startSec + sec));
    expect(seen).toEqual(reports(stations, 'x'));
  });

  test('every station reports once a minute, each in a second of its own', () => {
    const seen = reports(stations, 'x');
    expect(seen).toHaveLength(stations.length * 10);
    expect(new Set(seen.map(({ sec }) => sec)).size).toBe(seen.length);
    const seattle = seen.filter(({ station }) => station.id === 'KSEA').map(({ sec }) => sec);
    expect(seattle.slice(1).every((sec, i) => sec - seattle[i]! === reportSec)).toBe(true);
  });

  test('after a long pause it reports only what is new', () => {
    const network = new WeatherNetwork(stations, startSec, rngOf('x'));
    const seen = [...network.advanceTo(startSec + 3 * 86_400)];
    expect(seen).toHaveLength(stations.length);
    expect(seen.every(({ sec }) => sec > startSec + 3 * 86_400 - reportSec)).toBe(true);
  });

  test('neighbours have their warm and cold spells together, continents apart do not', () => {
    const seattle = stationOf('KSEA');
    const portland = { ...seattle, id: 'KPDX', lat: 45.59, lon: -122.6 };
    const [a, b, far] = dailyTemperatures([seattle, portland, { ...seattle, id: 'FAR', lat: 45, lon: 10 }], 730);
    expect(correlation(a!, b!)).toBeGreaterThan(0.5);
    expect(Math.abs(correlation(a!, far!))).toBeLessThan(0.35);
  });
});

describe('the list of stations', () => {
  test('has thirty-two places, each id once', () => {
    expect(new Set(stations.map(({ id }) => id)).size).toBe(32);
    expect(() => stationOf('XXXX')).toThrow('no weather station "XXXX"');
  });
});

type Step = { readonly hours: number; readonly obs: Obs; readonly totalMm: number };

function rngOf(seed: string) {
  return (name: string) => createRng(seed, name);
}

function observeYear(station: Station, seed: string): Step[] {
  const field = new RegionalField(startSec / 3600, rngOf(seed));
  const atmosphere = new Atmosphere(station, startSec / 3600, field, rngOf(seed));
  const observer = new Observer(atmosphere, rngOf(seed));
  observer.watch(startSec / 3600);
  const baseMm = atmosphere.rain.totalMm;
  return Array.from({ length: 365 * 48 }, (_, i) => {
    const hours = startSec / 3600 + (i + 1) / 2;
    atmosphere.advance(hours);
    return { hours, obs: observer.observe(hours), totalMm: atmosphere.rain.totalMm - baseMm };
  });
}

function impossibilities({ lat, lon }: Station, { hours, obs }: Step): string[] {
  const clear = clearSkyIrradiance(sunAt(hours, lat, lon).cosZenith);
  const { t, td, rh, ghi, wind, gust, windDir, cloud, vis } = obs;
  const rules = {
    'td above t': t !== null && td !== null && td > t,
    'rh out of 0 … 100': rh !== null && !(rh > 0 && rh <= 100),
    'more sun than a clear sky': ghi !== null && !(ghi >= 0 && ghi <= clear),
    'daylight without a sun': clear > 0 && !obs.isDay,
    'cloud out of 0 … 1': !(cloud >= 0 && cloud <= 1),
    'negative rain': !(obs.precip >= 0 && obs.precip1h >= 0),
    'negative wind': wind !== null && !(wind >= 0),
    'gust below the wind': wind !== null && gust !== null && gust <= wind,
    'wind from nowhere': windDir !== null && !(windDir >= 0 && windDir < 360),
    'calm with a direction': wind !== null && wind < 0.4 && windDir !== null,
    'negative sight': vis !== null && !(vis >= 0),
  };
  return Object.entries(rules)
    .filter(([, isBroken]) => isBroken)
    .map(([rule]) => `${rule} at ${hours}: ${JSON.stringify(obs)}`);
}

function daysOf(station: Station, seed: string, years: number) {
  const midnight = startSec / 3600 - Math.round(station.lon / 15);
  const field = new RegionalField(midnight, rngOf(seed));
  const atmosphere = new Atmosphere(station, midnight, field, rngOf(seed));
  return Array.from({ length: 365 * years }, (_, day) => {
    const beforeMm = atmosphere.rain.totalMm;
    const air = Array.from({ length: 24 }, (_, hour) => ({ ...atmosphere.advance(midnight + day * 24 + hour + 1) }));
    const celsius = air.map((now) => now.celsius);
    return {
      celsius: mean(celsius),
      range: Math.max(...celsius) - Math.min(...celsius),
      cloud: mean(air.map((now) => now.cloud)),
      slp: mean(air.map((now) => now.seaLevelHpa)),
      swiftest: Math.max(...air.slice(1).map((now, i) => Math.abs(now.seaLevelHpa - air[i]!.seaLevelHpa))),
      mm: atmosphere.rain.totalMm - beforeMm,
    };
  });
}

function reports(chosen: readonly Station[], seed: string): Due[] {
  return [...new WeatherNetwork(chosen, startSec, rngOf(seed)).advanceTo(startSec + 600)];
}

/** Daily means of places with one climate: their seasons cancel in the difference from a common fit. */
function dailyTemperatures(places: readonly Station[], days: number): number[][] {
  const field = new RegionalField(startSec / 3600, rngOf('near'));
  const air = places.map((place) => new Atmosphere(place, startSec / 3600, field, rngOf('near')));
  const means = places.map((): number[] => []);
  for (let day = 0; day < days; day++) {
    const sums = places.map(() => 0);
    for (let hour = 1; hour <= 24; hour++) {
      air.forEach((atmosphere, i) => {
        sums[i]! += atmosphere.advance(startSec / 3600 + day * 24 + hour).celsius / 24;
      });
    }
    means.forEach((list, i) => {
      list.push(sums[i]!);
    });
  }
  return means.map(withoutSeason);
}

function withoutSeason(values: readonly number[]): number[] {
  const angle = (day: number) => (2 * Math.PI * day) / 365;
  const middle = mean(values);
  const cosine = 2 * mean(values.map((value, day) => value * Math.cos(angle(day))));
  const sine = 2 * mean(values.map((value, day) => value * Math.sin(angle(day))));
  return values.map((value, day) => value - middle - cosine * Math.cos(angle(day)) - sine * Math.sin(angle(day)));
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const [middleA, middleB] = [mean(a), mean(b)];
  const product = mean(a.map((value, i) => (value - middleA) * (b[i]! - middleB)));
  return product / (deviation(a) * deviation(b));
}

function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
