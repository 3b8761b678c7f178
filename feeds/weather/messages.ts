import { z } from 'zod';
import { measure, micros } from '../../src/feed/index.ts';

/** One surface observation. Any reading may be null: instruments fail. */
export const obsMessage = z.object({
  t: measure('Cel').nullable(),
  td: measure('Cel').nullable(),
  rh: measure('%RH').min(0).max(100).nullable(),
  /** Reduced to sea level, and at the station. */
  slp: measure('hPa').nullable(),
  p: measure('hPa').nullable(),
  /** Where it comes from, 0 … 359; null in calm. */
  windDir: measure('deg').nullable(),
  wind: measure('m/s').min(0).nullable(),
  /** Null unless it stands out from the wind. */
  gust: measure('m/s').min(0).nullable(),
  /** Share of the sky, 0 … 1. */
  cloud: measure('/').min(0).max(1),
  ghi: measure('W/m2').min(0).nullable(),
  /** Since the observation before, and in the last hour. */
  precip: measure('mm').min(0),
  precip1h: measure('mm').min(0),
  /** Depth on the ground; null when there is none. */
  snow: measure('cm').min(0).nullable(),
  vis: measure('m').min(0).nullable(),
  /** WMO weather code: 0-3 clear to overcast, 45-48 fog, 51-67 rain, 71-77 snow, 80-82 showers, 95 thunder. */
  code: z.int().min(0).max(99),
  isDay: z.boolean(),
  /** `missing`: some reading is null for want of an instrument. `suspect`: some readings are stuck. */
  qc: z.enum(['ok', 'missing', 'suspect']),
});
export type Obs = z.output<typeof obsMessage>;

/** An aviation report. `SPECI`: between two hourly ones, for a significant change. */
export const metarMessage = z.object({
  raw: z.string(),
  /** In the time of the weather, as the report says; at the usual speed that is the time of the clock. */
  obsTime: micros(),
  type: z.enum(['METAR', 'SPECI']),
});

/** A row of the network's table. */
export const stationMessage = z.object({
  id: z.string(),
  name: z.string(),
  icao: z.string(),
  lat: measure('lat'),
  lon: measure('lon'),
  elevM: measure('m'),
  tz: z.string(),
});
