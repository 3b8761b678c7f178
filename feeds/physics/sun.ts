/** Where the sun stands and what it sends down: enough astronomy for weather and solar panels. */

/** What one place sees of the sun at one moment. */
export type Sun = {
  /** Cosine of the zenith angle: 1 overhead, 0 on the horizon, negative at night. */
  readonly cosZenith: number;
  /** True solar time, 0 … 24, noon when the sun is highest. */
  readonly solarHour: number;
};

/** Good to 0.02° and a few seconds between 1950 and 2050; `hours` since 1970 UTC, degrees north and east positive. */
export function sunAt(hours: number, lat: number, lon: number): Sun {
  const { declination, equationHours } = orbitAt(hours);
  const solarHour = modulo(hours + lon / 15 + equationHours, 24);
  const hourAngle = ((solarHour - 12) * Math.PI) / 12;
  const phi = lat * radians;
  const cosZenith = Math.sin(phi) * Math.sin(declination) + Math.cos(phi) * Math.cos(declination) * Math.cos(hourAngle);
  return { cosZenith, solarHour };
}

/** Global horizontal irradiance under a cloudless sky, W/m² (Haurwitz 1945, constants as in pvlib). */
export function clearSkyIrradiance(cosZenith: number): number {
  return cosZenith > 0 ? 1098 * cosZenith * Math.exp(-0.059 / cosZenith) : 0;
}

/** The share of it that a cloud cover of 0 … 1 lets through (Kasten & Czeplak 1980). */
export function cloudTransmittance(cover: number): number {
  return 1 - 0.75 * cover ** 3.4;
}

/** 1 … 366.24 from the mean tropical year: within a day of the calendar, with no step between years. */
export function dayOfYear(hours: number): number {
  return modulo(hours / 24 - yearZeroDays, 365.2425) + 1;
}

/** 1 on `peakDay`, −1 half a year later. */
export function seasonal(hours: number, peakDay: number): number {
  return Math.cos((2 * Math.PI * (dayOfYear(hours) - peakDay)) / 365.25);
}

const radians = Math.PI / 180;
const yearZeroDays = 10_957; // 2000-01-01, in days since 1970
const j2000Days = 10_957.5;
const sinObliquity = Math.sin(23.437 * radians);
const cosObliquity = Math.cos(23.437 * radians);

/** The low-precision formulas of the Astronomical Almanac. */
function orbitAt(hours: number): { declination: number; equationHours: number } {
  const days = hours / 24 - j2000Days;
  const meanLongitude = modulo(280.46 + 0.985_647_4 * days, 360);
  const anomaly = (357.528 + 0.985_600_3 * days) * radians;
  const longitude = (meanLongitude + 1.915 * Math.sin(anomaly) + 0.02 * Math.sin(2 * anomaly)) * radians;
  const sinLongitude = Math.sin(longitude);
  const rightAscension = Math.atan2(cosObliquity * sinLongitude, Math.cos(longitude)) / radians;
  const equationHours = (modulo(meanLongitude - rightAscension + 180, 360) - 180) / 15;
  return { declination: Math.asin(sinObliquity * sinLongitude), equationHours };
}

function modulo(value: number, by: number): number {
  return value - by * Math.floor(value / by);
}
