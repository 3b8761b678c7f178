import type { VolatilityFactor } from './log-volatility.ts';

export type PriceParameters = {
  readonly marketVol: readonly VolatilityFactor[];
  readonly symbolVol: readonly VolatilityFactor[];
  /** Correlation of a market return with the next change of market volatility: falling prices are nervous ones. */
  readonly leverage: number;
  /** Square root of the share of variance that a sector has in common. */
  readonly sectorLoading: number;
  readonly jumpsPerSession: number;
  /** Mean size of a jump, as a part of the daily volatility. */
  readonly jumpSize: number;
  /** Time over which a price returns to its reference. */
  readonly reversionSessions: number;
};

/** Seconds of trading in one session; daily volatility is that of this long. */
export const sessionSec = 23_400;

/** Tuned as a whole against the statistics of real one-minute returns: change one and measure all again. */
export const modelC: PriceParameters = {
  marketVol: [
    { tauSec: 1_200, variance: 0.1 },
    { tauSec: 10_800, variance: 0.12 },
    { tauSec: 702_000, variance: 0.08 }, // 30 sessions
  ],
  symbolVol: [
    { tauSec: 900, variance: 0.14 },
    { tauSec: 9_000, variance: 0.16 },
    { tauSec: 468_000, variance: 0.1 }, // 20 sessions
  ],
  leverage: -0.5,
  sectorLoading: 0.4,
  jumpsPerSession: 1.5,
  jumpSize: 0.08, // small enough that no jump looks like an event
  reversionSessions: 120, // keeps a price within a factor of five of its reference for years
};
