/** Water in air: the Magnus formula with Sonntag's 1990 constants, as the WMO recommends. */

/** Saturation vapour pressure over water, hPa, at a temperature in °C. */
export function saturationPressure(celsius: number): number {
  return 6.112 * Math.exp((17.62 * celsius) / (243.12 + celsius));
}

/** The temperature in °C at which this vapour pressure (hPa) saturates: the inverse of saturationPressure. */
export function dewPoint(vapourPressure: number): number {
  const logRatio = Math.log(vapourPressure / 6.112);
  return (243.12 * logRatio) / (17.62 - logRatio);
}

/** Percent, from two temperatures in °C. */
export function relativeHumidity(celsius: number, dewPointCelsius: number): number {
  return (100 * saturationPressure(dewPointCelsius)) / saturationPressure(celsius);
}
