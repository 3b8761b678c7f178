import { saturationPressure } from '../physics/humidity.ts';
import { clamp, normalCdf } from '../physics/numbers.ts';
import { Ou, relax } from '../physics/ou.ts';
import { clearSkyIrradiance, cloudTransmittance, type Sun, seasonal, sunAt } from '../physics/sun.ts';
import { type Climate, climateOf } from './climate.ts';
import { Rain } from './rain.ts';
import type { RegionalField, RegionalView, RngSource } from './regional-field.ts';
import type { Station } from './stations.ts';

/** The air over one station as it is, unrounded. */
export type Air = {
  sun: Sun;
  /** 0 … 1 */
  cloud: number;
  /** W/m² on level ground. */
  irradiance: number;
  celsius: number;
  /** hPa, never above saturation. */
  vapour: number;
  seaLevelHpa: number;
  stationHpa: number;
  windMs: number;
  windFromDeg: number;
  rainMmPerHour: number;
};

/** Steps one station's weather through time. All noise is exact, so the step may be anything up to `maxStepHours`. */
export class Atmosphere {
  readonly station: Station;
  readonly air: Air;
  readonly rain: Rain;
  readonly #climate: Climate;
  readonly #region: RegionalView;
  readonly #spell: Ou;
  readonly #cloud: Ou;
  readonly #vapour: Ou;
  readonly #pressure: Ou;
  readonly #wind: Ou;
  readonly #direction: Ou;
  #hours: number;
  #slowPressure = 0;
  #wetness: number;
  #recentSun: number;
  #usualSun: number;

  constructor(station: Station, startHours: number, field: RegionalField, rng: RngSource) {
    this.station = station;
    this.#climate = climateOf(station);
    this.#region = field.at(station.lat, station.lon);
    this.rain = new Rain(station, this.#climate, this.#region, rng(`${station.id}/rain`));
    const air = rng(`${station.id}/air`);
    this.#spell = new Ou(this.#climate.spellHours, air.normal);
    this.#cloud = new Ou(8, air.normal);
    this.#vapour = new Ou(30, air.normal);
    this.#pressure = new Ou(60, air.normal);
    const wind = rng(`${station.id}/wind`);
    this.#wind = new Ou(6, wind.normal);
    this.#direction = new Ou(14, wind.normal);
    this.#hours = startHours;
    this.#wetness = this.rain.isWetDay ? 1 : 0;
    this.#recentSun = this.#usualSun = 0.7 * meanClearSky(station, startHours);
    this.air = emptyAir(station, startHours);
    this.advance(startHours + 1e-9);
  }

  /** Up to `hours` since 1970, in steps of at most half an hour. Never goes back. */
  advance(hours: number): Air {
    while (this.#hours < hours) {
      const next = Math.min(hours, this.#hours + maxStepHours);
      this.#step(next, next - this.#hours);
      this.#hours = next;
    }
    return this.air;
  }

  #step(now: number, step: number): void {
    const { air, rain } = this;
    const regional = this.#region.now(now);
    rain.advance(now);
    this.#wetness = relax(this.#wetness, rain.isWetDay ? 1 : 0, step, 8);
    air.sun = sunAt(now, this.station.lat, this.station.lon);
    air.rainMmPerHour = rain.rate(now);
    air.cloud = this.#stepCloud(regional.cloud, step);
    air.irradiance = clearSkyIrradiance(air.sun.cosZenith) * cloudTransmittance(air.cloud);
    this.#recentSun = relax(this.#recentSun, air.irradiance, step, 4.5);
    this.#usualSun = relax(this.#usualSun, air.irradiance, step, 96);
    this.#stepTemperature(now, regional.temperature, step);
    this.#stepPressure(regional.pressure, step);
    this.#stepWind(step);
  }

  #stepCloud(regional: number, step: number): number {
    const z = mix(regional, this.#cloud.advance(step), cloudShare);
    // Wetness, not the wet day itself: skies do not turn grey at midnight sharp.
    const cover = 1 / (1 + Math.exp(-(1.5 * z - 0.5 + 2.1 * this.#wetness + this.#climate.cloudBias)));
    return this.air.rainMmPerHour > 0 ? Math.max(0.8, cover) : cover;
  }

  #stepTemperature(now: number, regional: number, step: number): void {
    const { air, station } = this;
    const { spellC, sunGain, drynessC } = this.#climate;
    const spell = spellC * mix(regional, this.#spell.advance(step), spellShare);
    const dayMean = station.meanC + station.amplitudeC * seasonal(now, station.warmestDay) + spell;
    air.celsius = dayMean + sunGain * (this.#recentSun - this.#usualSun);
    const wet = 0.95 + 0.15 * this.#wetness;
    const vapour = saturationPressure(dayMean - drynessC) * Math.exp(0.12 * this.#vapour.advance(step)) * wet;
    const saturated = saturationPressure(air.celsius);
    air.vapour = clamp(vapour, air.rainMmPerHour > 0 ? 0.88 * saturated : 0, saturated);
  }

  #stepPressure(regional: number, step: number): void {
    const { air, station } = this;
    const { meanPressureHpa, pressureSdHpa } = this.#climate;
    const z = mix(regional, this.#pressure.advance(step), pressureShare);
    // Smoothed over 9 h and taken with the relaxed wetness: plain noise would jump by 5 hPa in an hour.
    this.#slowPressure = relax(this.#slowPressure, z, step, 9);
    const phi = (station.lat * Math.PI) / 180;
    const tide = 1.2 * Math.cos(phi) ** 3 * Math.cos((2 * Math.PI * (air.sun.solarHour - 9.75)) / 12);
    const swing = 1.07 * this.#slowPressure - 0.7 * this.#wetness + 0.25;
    air.seaLevelHpa = meanPressureHpa + pressureSdHpa * swing + tide;
    air.stationHpa = air.seaLevelHpa * Math.exp((-9.806_65 * station.elevM) / (287.05 * (air.celsius + 273.15)));
  }

  /** A Gaussian memory bent into Weibull speeds of shape 2. */
  #stepWind(step: number): void {
    const { air } = this;
    const { windScale, prevailingDeg } = this.#climate;
    const calmChance = Math.max(1e-12, 1 - normalCdf(this.#wind.advance(step)));
    const weibull = windScale * Math.sqrt(-Math.log(calmChance));
    air.windMs = weibull * (0.95 + 0.2 * this.#wetness) * (0.97 + 0.0002 * air.irradiance);
    const turned = (prevailingDeg + 70 * this.#direction.advance(step)) % 360;
    air.windFromDeg = (turned + 360) % 360;
  }
}

const maxStepHours = 0.5;
// How much of the variance is the region's; the rest is the place's own.
const spellShare = 0.85;
const cloudShare = 0.7;
const pressureShare = 0.9;

function mix(regional: number, own: number, share: number): number {
  return Math.sqrt(share) * regional + Math.sqrt(1 - share) * own;
}

/** W/m², over the 24 hours before. */
function meanClearSky({ lat, lon }: Station, hours: number): number {
  let sum = 0;
  for (let back = 0; back < 24; back++) sum += clearSkyIrradiance(sunAt(hours - back, lat, lon).cosZenith);
  return sum / 24;
}

function emptyAir(station: Station, hours: number): Air {
  return {
    sun: sunAt(hours, station.lat, station.lon),
    ...{ cloud: 0, irradiance: 0, celsius: station.meanC, vapour: 1, seaLevelHpa: 1015, stationHpa: 1015 },
    ...{ windMs: 0, windFromDeg: 0, rainMmPerHour: 0 },
  };
}
