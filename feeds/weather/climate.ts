import { clamp } from '../physics/numbers.ts';
import type { Station } from './stations.ts';

/** What the models need to know of a place beyond its row in the table. */
export type Climate = {
  /** Gamma shape and scale (mm) of a wet day's rain above its first 0.3 mm. */
  readonly rainShape: number;
  readonly rainScaleMm: number;
  /** Both wet-day chances are multiplied by 1 + swing · cos of the time since the wettest day. */
  readonly wetSwing: number;
  readonly wettestDay: number;
  /** Standard deviation of daily temperature around its season, °C, and its memory in hours. */
  readonly spellC: number;
  readonly spellHours: number;
  /** °C for each W/m² that recent sunshine is above that of the last days: this makes the daily range. */
  readonly sunGain: number;
  readonly cloudBias: number;
  /** How far the dew point lies below the day's mean temperature, °C. */
  readonly drynessC: number;
  readonly meanPressureHpa: number;
  readonly pressureSdHpa: number;
  /** Weibull scale of the wind, m/s; its shape is 2. */
  readonly windScale: number;
  readonly prevailingDeg: number;
};

/** Seattle and New York fitted to four years of daily records; elsewhere estimated from the table's row. */
export function climateOf(station: Station): Climate {
  return { ...estimate(station), ...known[station.id] };
}

// Fitted to the NOAA daily records of 2012-2015 (US Government, public domain).
const known: Record<string, Partial<Climate>> = {
  KSEA: {
    ...{ rainShape: 0.79, rainScaleMm: 9, wetSwing: 0.35, wettestDay: 10, spellC: 2.85, spellHours: 91.8 },
    ...{ sunGain: 0.02, cloudBias: 0, drynessC: 4, pressureSdHpa: 7, windScale: 4, prevailingDeg: 200 },
  },
  KNYC: {
    ...{ rainShape: 0.65, rainScaleMm: 13.64, wetSwing: 0, spellC: 3.67, spellHours: 57.8 },
    ...{ sunGain: 0.016, cloudBias: 0, drynessC: 6, pressureSdHpa: 8, windScale: 5.3, prevailingDeg: 270 },
  },
  // Monsoon and summer rain.
  VABB: { wetSwing: 0.9, wettestDay: 205 },
  VIDP: { wetSwing: 0.8, wettestDay: 210 },
  MMMX: { wetSwing: 0.7, wettestDay: 215 },
  SBGR: { wetSwing: 0.6, wettestDay: 15 },
  KMIA: { wetSwing: 0.6, wettestDay: 220 },
  // Dry, but by the sea.
  OMDB: { drynessC: 7 },
  BIRK: { windScale: 6.3, meanPressureHpa: 1006 },
};

function estimate(station: Station): Climate {
  const { lat, elevM, amplitudeC, wetDayMm } = station;
  const latitude = Math.abs(lat);
  const isTropical = latitude < 25;
  const wetShare = station.wetAfterDry / (1 + station.wetAfterDry - station.wetAfterWet);
  const drynessC = 4.5 + 30 * Math.max(0, 0.33 - wetShare);
  return {
    rainShape: 0.75,
    rainScaleMm: (wetDayMm - 0.3) / 0.75,
    wetSwing: 0,
    wettestDay: 1,
    spellC: (1.57 + 0.171 * amplitudeC) * (isTropical ? 0.6 : 1), // the line through the two fitted cities
    spellHours: 72,
    sunGain: (0.012 + 0.0008 * drynessC) * (isTropical && elevM < 50 ? 0.7 : 1), // the sea holds the tropics even
    cloudBias: clamp(4 * (wetShare - 0.25), -1.5, 0),
    drynessC,
    meanPressureHpa: isTropical ? 1011 : 1015,
    pressureSdHpa: 1.5 + 6.5 * Math.min(1, latitude / 50),
    windScale: 4.2,
    prevailingDeg: isTropical ? 90 : 250, // trade winds, westerlies
  };
}
