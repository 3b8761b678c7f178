/** One observation as this view reads it; whatever is missing or of another type is undefined. */

import { field, numberIn, textIn } from '../../format.ts';

export type Observation = {
  readonly ts: number;
  readonly celsius: number | undefined;
  readonly dewPoint: number | undefined;
  readonly humidity: number | undefined;
  readonly hPa: number | undefined;
  readonly windFromDeg: number | undefined;
  readonly windMs: number | undefined;
  readonly gustMs: number | undefined;
  readonly rainMm: number | undefined;
  readonly cloud: number | undefined;
  readonly visibilityM: number | undefined;
  readonly sky: string;
  readonly check: string;
};

export function observationOf(data: unknown, ts: number): Observation {
  const read = (name: string) => numberIn(field(data, name));
  return {
    ts,
    celsius: read('t'),
    dewPoint: read('td'),
    humidity: read('rh'),
    hPa: read('slp'),
    windFromDeg: directionOf(read('windDir')),
    windMs: read('wind'),
    gustMs: read('gust'),
    rainMm: read('precip1h'),
    cloud: read('cloud'),
    visibilityM: read('vis'),
    sky: skyOf(read('code')),
    check: textIn(field(data, 'qc')) ?? '',
  };
}

/** Degrees from 0 to 360; what is beyond is no direction. */
function directionOf(degrees: number | undefined): number | undefined {
  return degrees !== undefined && degrees >= 0 && degrees <= 360 ? degrees : undefined;
}

/** The groups of WMO code table 4677 that stations report. */
const skies: readonly (readonly [upTo: number, words: string])[] = [
  [0, 'clear'],
  [1, 'mainly clear'],
  [2, 'partly cloudy'],
  [3, 'overcast'],
  [48, 'fog'],
  [57, 'drizzle'],
  [67, 'rain'],
  [77, 'snow'],
  [82, 'showers'],
  [86, 'snow showers'],
  [99, 'thunderstorm'],
];

function skyOf(code: number | undefined): string {
  return code === undefined ? '' : (skies.find(([upTo]) => code <= upTo)?.[1] ?? '');
}

const winds = ['N', 'NNE', 'NE', 'ENE', 'E', 'ESE', 'SE', 'SSE', 'S', 'SSW', 'SW', 'WSW', 'W', 'WNW', 'NW', 'NNW'];

/** Where the wind comes from, in letters; `calm` where it comes from nowhere. */
export function windName(fromDeg: number | undefined): string {
  return fromDeg === undefined ? 'calm' : (winds[Math.round(fromDeg / 22.5) % 16] ?? '');
}
