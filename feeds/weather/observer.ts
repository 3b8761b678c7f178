import type { Rng } from '../../src/feed/index.ts';
import { dewPoint, saturationPressure } from '../physics/humidity.ts';
import { round } from '../physics/numbers.ts';
import type { Air, Atmosphere } from './atmosphere.ts';
import { Instruments } from './instruments.ts';
import type { Obs } from './messages.ts';
import { RainGauge } from './rain-gauge.ts';
import type { RngSource } from './regional-field.ts';
import { type Conditions, visibility, weatherCode } from './weather-code.ts';

/** Reads the air of one station as its instruments would: rounded, in fixed units, and now and then not at all. */
export class Observer {
  readonly #atmosphere: Atmosphere;
  readonly #gauge: RainGauge;
  readonly #gusts: Rng;
  readonly #instruments: Instruments;

  constructor(atmosphere: Atmosphere, rng: RngSource) {
    const { id } = atmosphere.station;
    this.#atmosphere = atmosphere;
    this.#gauge = new RainGauge();
    this.#gusts = rng(`${id}/gust`);
    this.#instruments = new Instruments(rng(`${id}/qc`));
  }

  /** Tells the rain gauge what has fallen; wanted at least every half hour. */
  watch(hours: number): void {
    const { rain, air } = this.#atmosphere;
    this.#gauge.watch(hours, rain.totalMm, air.celsius);
  }

  /** The observation of this time, which the atmosphere must have reached. */
  observe(hours: number): Obs {
    this.watch(hours);
    const { air } = this.#atmosphere;
    const now = conditionsOf(air);
    const rain = this.#gauge.read();
    const t = round(air.celsius, 1);
    const gust = air.windMs * (1.3 + 0.4 * Math.abs(this.#gusts.normal()));
    const obs: Obs = {
      t,
      td: Math.min(t, round(dewPoint(air.vapour), 1)), // saturated air may round up where t rounds down
      rh: round(now.humidity, 1),
      slp: round(air.seaLevelHpa, 1),
      p: round(air.stationHpa, 1),
      windDir: air.windMs < calmMs ? null : Math.floor(air.windFromDeg),
      wind: round(air.windMs, 1),
      gust: gust - air.windMs < gustyMs ? null : round(gust, 1),
      cloud: round(air.cloud, 2),
      ghi: Math.floor(air.irradiance), // down, so that it never exceeds a clear sky
      precip: rain.precip,
      precip1h: rain.precip1h,
      snow: rain.snow,
      vis: roundVisibility(visibility(now)),
      code: weatherCode(now),
      isDay: air.sun.cosZenith > horizon,
      qc: 'ok',
    };
    return this.#instruments.spoil(obs);
  }
}

function conditionsOf({ celsius, vapour, windMs, cloud, rainMmPerHour }: Air): Conditions {
  return { celsius, humidity: (100 * vapour) / saturationPressure(celsius), windMs, cloud, rainMmPerHour };
}

const calmMs = 0.5;
const gustyMs = 1.5;
// Sunrise is when the upper rim of the refracted sun shows: 0.833° below the horizon.
const horizon = -0.014_54;

/** As reports give it: steps of 50 m in fog, 100 m in mist, 1 km beyond. */
function roundVisibility(metres: number): number {
  if (metres < 800) return Math.floor(metres / 50) * 50;
  return metres < 5000 ? Math.floor(metres / 100) * 100 : Math.floor(metres / 1000) * 1000;
}
