/** Aviation routine reports: what an observation is in the words that pilots read. */

import type { Obs } from './messages.ts';
import type { Station } from './stations.ts';

/** The report of an observation made at `sec`, seconds since 1970. What the observation lacks is left out or slashed. */
export function metarOf(type: 'METAR' | 'SPECI', { id, elevM }: Station, sec: number, obs: Obs): string {
  const units = unitsOf(id);
  const groups = [
    type,
    id,
    `${timeGroup(sec)}Z`,
    windGroup(obs, units.gustKt),
    units.visibility(obs.vis),
    weatherGroup(obs, units.fogM),
    ...cloudGroups(obs, units.clear),
    temperatureGroup(obs),
    obs.p === null ? undefined : units.pressure(altimeterHpa(obs.p, elevM)),
  ];
  return groups.filter((group) => group !== undefined).join(' ');
}

/** Two observations of one class need no special report between them. */
export function weatherClass(stationId: string, obs: Obs): string {
  const { fogM, classesM } = unitsOf(stationId);
  const sight = obs.vis === null ? 0 : classesM.filter((limit) => (obs.vis as number) < limit).length;
  const weather = weatherGroup(obs, fogM)?.replace(/^[+-]/, '') ?? '';
  return `${weather} ${sight}`;
}

type Units = {
  /** A gust is told when it stands out from the wind by so much. */
  readonly gustKt: number;
  /** Fog hides what is further away than this; above it is mist. */
  readonly fogM: number;
  /** Visibilities whose crossing is worth a special report. */
  readonly classesM: readonly number[];
  readonly clear: string;
  visibility(metres: number | null): string | undefined;
  pressure(hpa: number): string;
};

const statuteMile = 1609.344;

const american: Units = {
  gustKt: 5, // ten between peaks and lulls
  fogM: 0.625 * statuteMile,
  classesM: [0.5, 1, 2, 3].map((miles) => miles * statuteMile),
  clear: 'CLR',
  visibility: (metres) => (metres === null ? undefined : `${miles(metres)}SM`),
  pressure: (hpa) => `A${Math.floor((hpa * 100) / 33.863_886)}`,
};

const international: Units = {
  gustKt: 10,
  fogM: 1000,
  classesM: [800, 1500, 3000, 5000],
  clear: 'NSC',
  visibility: (metres) => (metres === null ? '////' : `${Math.min(9999, metres)}`.padStart(4, '0')),
  pressure: (hpa) => `Q${`${Math.floor(hpa)}`.padStart(4, '0')}`,
};

function unitsOf(stationId: string): Units {
  return /^[KP]/.test(stationId) ? american : international;
}

function timeGroup(sec: number): string {
  const time = new Date(sec * 1000);
  return twoDigits(time.getUTCDate()) + twoDigits(time.getUTCHours()) + twoDigits(time.getUTCMinutes());
}

/** At one or two knots a vane shows no direction. */
function windGroup({ wind, windDir, gust }: Obs, gustKt: number): string {
  if (wind === null) return '/////KT';
  const speed = knots(wind);
  if (speed === 0 || windDir === null) return '00000KT';
  const from = speed < 3 ? 'VRB' : `${Math.round(windDir / 10) * 10 || 360}`.padStart(3, '0');
  const gusts = gust !== null && knots(gust) - speed >= gustKt ? `G${twoDigits(knots(gust))}` : '';
  return `${from}${twoDigits(speed)}${gusts}KT`;
}

function weatherGroup({ code, vis }: Obs, fogM: number): string | undefined {
  const words = weatherWords[code];
  if (words !== 'FG' || vis === null || vis < fogM) return words;
  return 'BR';
}

/** By WMO code; what is not here is nothing to speak of. */
const weatherWords: Readonly<Record<number, string>> = {
  ...{ 45: 'FG', 48: 'FG' },
  ...{ 51: '-DZ', 53: 'DZ', 55: '+DZ' },
  ...{ 61: '-RA', 63: 'RA', 65: '+RA' },
  ...{ 71: '-SN', 73: 'SN', 75: '+SN' },
  95: 'TSRA',
};

/** The base lies where rising air would saturate; what covers most of the sky has something thinner below it. */
function cloudGroups({ cloud, t, td, code }: Obs, clear: string): string[] {
  const eighths = Math.round(cloud * 8);
  if (eighths === 0) return [clear];
  const base = t === null || td === null ? usualBaseFt : Math.min(12_000, Math.max(200, 400 * (t - td)));
  const layer = (cover: string, ft: number) => `${cover}${`${Math.round(ft / 100)}`.padStart(3, '0')}`;
  const tower = code === 95 ? 'CB' : '';
  if (eighths <= 2) return [layer('FEW', base) + tower];
  if (eighths <= 4) return [layer('SCT', base) + tower];
  const main = eighths < 8 ? 'BKN' : 'OVC';
  return [layer(eighths < 8 ? 'FEW' : 'SCT', base) + tower, layer(main, base + 1500)];
}

const usualBaseFt = 3000;

function temperatureGroup({ t, td }: Obs): string | undefined {
  return t === null || td === null ? undefined : `${signed(t)}/${signed(td)}`;
}

/** The pressure at sea level of a standard atmosphere that has `hpa` at this height: what altimeters are set to. */
function altimeterHpa(hpa: number, elevM: number): number {
  const exponent = 0.190_263;
  return (hpa ** exponent + 8.417_286e-5 * elevM) ** (1 / exponent);
}

/** Down to what is reported: quarters below three miles, at least one; then whole ones up to ten. */
function miles(metres: number): string {
  const quarters = Math.max(1, Math.floor((4 * metres) / statuteMile));
  if (quarters >= 12) return `${Math.min(10, Math.floor(quarters / 4))}`;
  const whole = Math.floor(quarters / 4);
  const part = ['', '1/4', '1/2', '3/4'][quarters % 4] ?? '';
  return [whole === 0 ? '' : `${whole}`, part].filter((text) => text !== '').join(' ');
}

function knots(metresPerSecond: number): number {
  return Math.round(metresPerSecond / 0.514_444);
}

/** Half a degree rounds up; below zero M stands for the minus, also before a nought. */
function signed(celsius: number): string {
  const whole = Math.round(celsius);
  return whole < 0 || Object.is(whole, -0) ? `M${twoDigits(-whole)}` : twoDigits(whole);
}

function twoDigits(value: number): string {
  return `${value}`.padStart(2, '0');
}
