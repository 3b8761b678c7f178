import { type IMetar, parseMetar } from 'metar-taf-parser';
import { describe, expect, test } from 'vitest';
import { weather } from '../../feeds/weather/index.ts';
import type { Obs } from '../../feeds/weather/messages.ts';
import { metarOf } from '../../feeds/weather/metar.ts';
import { MetarDesk } from '../../feeds/weather/metar-desk.ts';
import { stationOf, stations } from '../../feeds/weather/stations.ts';
import { type Published, runInVirtualTime } from '../../src/feed/testing.ts';

type Report = { raw: string; obsTime: number; type: 'METAR' | 'SPECI' };

const at = Date.UTC(2026, 0, 22, 17, 53) / 1000;
const mild: Obs = {
  ...{ t: 12.4, td: 6.6, rh: 68, slp: 1018, p: 1002.3, windDir: 203, wind: 4.1, gust: null, cloud: 0.7, ghi: 100 },
  ...{ precip: 0, precip1h: 0, snow: null, vis: 20_000, code: 2, isDay: true, qc: 'ok' },
};

test.each<[string, Partial<Obs>, string]>([
  ['KSEA', {}, 'METAR KSEA 221753Z 20008KT 10SM FEW023 BKN038 12/07 A3006'],
  ['EGLL', {}, 'METAR EGLL 221753Z 20008KT 9999 FEW023 BKN038 12/07 Q1005'],
  ['KSEA', { gust: 7.7 }, 'METAR KSEA 221753Z 20008G15KT 10SM FEW023 BKN038 12/07 A3006'],
  ['EGLL', { gust: 7.7 }, 'METAR EGLL 221753Z 20008KT 9999 FEW023 BKN038 12/07 Q1005'],
  ['EGLL', { wind: 0.2, windDir: null, cloud: 0 }, 'METAR EGLL 221753Z 00000KT 9999 NSC 12/07 Q1005'],
  ['KSEA', { wind: 0.9, cloud: 0 }, 'METAR KSEA 221753Z VRB02KT 10SM CLR 12/07 A3006'],
  ['KSEA', { windDir: 2 }, 'METAR KSEA 221753Z 36008KT 10SM FEW023 BKN038 12/07 A3006'],
  ['EGLL', { t: -0.4, td: -8.2, cloud: 0.4 }, 'METAR EGLL 221753Z 20008KT 9999 SCT031 M00/M08 Q1005'],
  ['KSEA', { code: 61, vis: 2300, cloud: 1 }, 'METAR KSEA 221753Z 20008KT 1 1/4SM -RA SCT023 OVC038 12/07 A3006'],
  ['KSEA', { code: 45, vis: 350 }, 'METAR KSEA 221753Z 20008KT 1/4SM FG FEW023 BKN038 12/07 A3006'],
  ['EGLL', { code: 48, vis: 1000 }, 'METAR EGLL 221753Z 20008KT 1000 BR FEW023 BKN038 12/07 Q1005'],
  ['EGLL', { code: 95, vis: 900 }, 'METAR EGLL 221753Z 20008KT 0900 TSRA FEW023CB BKN038 12/07 Q1005'],
  ['EGLL', { t: null, td: null, p: null }, 'METAR EGLL 221753Z 20008KT 9999 FEW030 BKN045'],
  ['EGLL', { wind: null, windDir: null, vis: null }, 'METAR EGLL 221753Z /////KT //// FEW023 BKN038 12/07 Q1005'],
])('%s, %j: %s', (id, part, raw) => {
  expect(metarOf('METAR', stationOf(id), at, { ...mild, ...part })).toBe(raw);
});

describe.each(['1', '2'])('two days of all stations with seed %s', (seed) => {
  const run = once(async () => {
    const config = { speed: 60, everyMs: 1000, pastHours: 0 };
    const options = { config, seed, from: Date.UTC(2026, 0, 21) * 1000, forMs: 48 * 60_000 };
    const { published, rejected } = await runInVirtualTime(weather, options);
    expect(rejected).toEqual([]);
    return published;
  });

  test('an independent parser reads every report, and reads in it what was observed', async () => {
    const latest = new Map<string, Obs>();
    const faults: string[] = [];
    let reports = 0;
    for (const { topic, data } of await run()) {
      const id = topic.split('.')[2]!;
      if (topic.endsWith('.obs')) latest.set(id, data as Obs);
      if (!topic.endsWith('.metar')) continue;
      reports++;
      faults.push(...differences(id, data as Report, latest.get(id)!));
    }
    expect(faults).toEqual([]);
    expect(reports).toBeGreaterThan(32 * 48);
  });

  test('every station reports at once, then each hour in a minute of its own, and specially in between', async () => {
    const published = await run();
    let special = 0;
    for (const { id } of stations) {
      const reports = published.filter(({ topic }) => topic === `weather.sim.${id}.metar`).map(reportOf);
      const hourly = reports.filter(({ type }) => type === 'METAR').slice(1);
      expect(hourly.length).toBeGreaterThanOrEqual(47);
      expect(hourly.length).toBeLessThanOrEqual(48);
      expect(new Set(hourly.map(({ obsTime }) => Math.floor(obsTime / 60e6) % 60)).size).toBe(1);
      expect(reports.slice(1).every(({ obsTime }, i) => obsTime > reports[i]!.obsTime)).toBe(true);
      special += reports.length - hourly.length - 1;
    }
    expect(special).toBeGreaterThan(20);
    expect(special).toBeLessThan(32 * 48);
  });
});

test('what changes by class is reported at once, but not twice in five minutes, and no failure of an instrument is', () => {
  const desk = new MetarDesk(stationOf('EGLL')); // reports on the hour or the half hour
  const typeAt = (minute: number, part: Partial<Obs>) =>
    desk.report(Date.UTC(2026, 0, 22, 17, minute) / 1000, { ...mild, ...part })?.type;
  expect(typeAt(1, {})).toBe('METAR');
  expect(typeAt(2, { vis: 4000 })).toBeUndefined();
  expect(typeAt(6, { vis: 4000 })).toBe('SPECI');
  expect(typeAt(12, { vis: 3500 })).toBeUndefined();
  expect(typeAt(13, { vis: null, code: 61 })).toBeUndefined();
  expect(typeAt(14, { vis: 3500, code: 61 })).toBe('SPECI');
  expect(typeAt(20, { vis: 3500, code: 63 })).toBeUndefined();
});

/** What the parser says of a report that is not what the observation says. */
function differences(id: string, { raw, obsTime, type }: Report, obs: Obs): string[] {
  let parsed: IMetar;
  try {
    parsed = parseMetar(raw);
  } catch (error) {
    return [`${raw}: ${error}`];
  }
  const time = new Date(obsTime / 1000);
  const isAmerican = /^[KP]/.test(id);
  const { wind, visibility, temperature, dewPoint, altimeter, weatherConditions, clouds } = parsed;
  const sightM = (visibility?.value ?? Number.NaN) * (isAmerican ? 1609.344 : 1);
  const sightStepM = isAmerican ? (sightM < 4800 ? 402.4 : 1609.4) : 50;
  const farM = isAmerican ? 10 * 1609.344 : 9_999;
  const rules = {
    station: parsed.station !== id,
    type: (parsed.type ?? 'METAR') !== type,
    time:
      parsed.day !== time.getUTCDate() || parsed.hour !== time.getUTCHours() || parsed.minute !== time.getUTCMinutes(),
    wind:
      obs.wind !== null && obs.windDir !== null && Math.abs((wind?.speed ?? Number.NaN) - obs.wind / 0.514444) > 0.51,
    calm: obs.windDir === null && obs.wind !== null && (wind?.speed !== 0 || wind.degrees !== 0),
    from: (wind?.speed ?? 0) > 2 && turn(wind?.degrees ?? Number.NaN, obs.windDir ?? Number.NaN) > 5,
    gust: wind?.gust !== undefined && Math.abs(wind.gust - (obs.gust ?? Number.NaN) / 0.514444) > 0.51,
    sight:
      obs.vis !== null &&
      obs.vis < farM &&
      obs.vis >= 403 &&
      !(obs.vis - sightM >= -1 && obs.vis - sightM < sightStepM),
    far: obs.vis !== null && obs.vis >= farM && sightM < farM - 1,
    t: obs.t !== null && Math.abs((temperature ?? Number.NaN) - obs.t) > 0.51,
    td: obs.td !== null && Math.abs((dewPoint ?? Number.NaN) - obs.td) > 0.51,
    unit: obs.p !== null && altimeter?.unit !== (isAmerican ? 'inHg' : 'hPa'),
    // Where a station lies at sea level, what altimeters are set to is the pressure there.
    altimeter:
      obs.p !== null &&
      stationOf(id).elevM < 30 &&
      Math.abs(hectopascals(altimeter) - obs.p - stationOf(id).elevM / 8.3) > 1.3,
    weather: weatherConditions.length > 0 !== obs.code > 3,
    sky: Math.round(obs.cloud * 8) === 0 ? clouds.some(({ height }) => height !== undefined) : clouds.length === 0,
    remark: (parsed.remark ?? '') !== '',
  };
  return Object.entries(rules)
    .filter(([, isBroken]) => isBroken)
    .map(([rule]) => `${rule}: ${raw} of ${JSON.stringify(obs)}`);
}

function hectopascals(altimeter: IMetar['altimeter']): number {
  if (altimeter === undefined) return Number.NaN;
  return altimeter.unit === 'hPa' ? altimeter.value : altimeter.value * 33.863886;
}

function turn(a: number, b: number): number {
  const between = Math.abs(a - b) % 360;
  return Math.min(between, 360 - between);
}

function reportOf({ data }: Published): Report {
  return data as Report;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
