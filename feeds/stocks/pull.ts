/** A force on a price from outside the market: so much of its logarithm a step, for so many steps. */
export class Pull {
  readonly #legs: { perStep: number; left: number }[] = [];

  /** After what was asked for before. */
  add(total: number, steps: number): void {
    const whole = Math.max(1, Math.round(steps));
    this.#legs.push({ perStep: total / whole, left: whole });
  }

  step(): number {
    const leg = this.#legs[0];
    if (leg === undefined) return 0;
    if (--leg.left === 0) this.#legs.shift();
    return leg.perStep;
  }
}
