import { round } from '../physics/numbers.ts';
import { snowBelowC } from './weather-code.ts';

/** Turns a running total of rain into what a report says: since the last one, in the last hour, snow on the ground. */
export class RainGauge {
  readonly #hour: { hours: number; totalMm: number }[] = [];
  #reportedUnits = Number.NaN;
  #snowCm = 0;

  /** `totalMm` only grows; calls come in the order of time. */
  watch(hours: number, totalMm: number, celsius: number): void {
    const last = this.#hour.at(-1);
    if (last !== undefined && hours <= last.hours) return;
    if (last === undefined) this.#reportedUnits = Math.floor(totalMm / unitMm);
    else this.#settle(hours - last.hours, totalMm - last.totalMm, celsius);
    this.#hour.push({ hours, totalMm });
    while (this.#hour.length > 2 && (this.#hour[1]?.hours ?? hours) <= hours - 1) this.#hour.shift();
  }

  /** Whole units since the last reading; what is less stays for the next, so no rain is rounded away. */
  read(): { precip: number; precip1h: number; snow: number | null } {
    const first = this.#hour.at(0)?.totalMm ?? 0;
    const total = this.#hour.at(-1)?.totalMm ?? 0;
    const units = Math.floor(total / unitMm);
    const precip = round((units - this.#reportedUnits) * unitMm, 2);
    this.#reportedUnits = units;
    const snow = round(this.#snowCm, 1);
    return { precip, precip1h: round(total - first, 2), snow: snow > 0 ? snow : null };
  }

  // 1 mm of water is about 1 cm of snow; it melts by the degree and the hour.
  #settle(step: number, fallenMm: number, celsius: number): void {
    if (celsius < snowBelowC) this.#snowCm += fallenMm;
    this.#snowCm = Math.max(0, this.#snowCm - 0.03 * Math.max(0, celsius) * step - 0.01 * step);
  }
}

const unitMm = 0.01;
