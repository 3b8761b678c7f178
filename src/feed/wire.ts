/** Field types that say more than a plain zod number: how many digits count, and in which unit. */

import { z } from 'zod';

/** An exact decimal with `scale` digits behind the point: prices, sizes. Travels as an integer. */
export function decimal(scale: number, unit?: string) {
  return z.number().meta({ wire: { type: 'decimal', scale }, ...(unit !== undefined && { unit }) });
}

/** Integer microseconds since 1970. */
export function micros() {
  return z
    .int()
    .nonnegative()
    .meta({ wire: { type: 'time' }, unit: 'us' });
}

/** A float with a unit for people and charts: `measure('Cel')`. Units are those of SenML (RFC 8428) where one fits. */
export function measure(unit: string) {
  return z.number().meta({ unit });
}
