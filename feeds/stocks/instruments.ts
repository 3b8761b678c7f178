/** The symbols that can be simulated. Names are real, numbers are round figures of the right size, not market data. */
export type Instrument = {
  readonly symbol: string;
  readonly sector: Sector;
  /** Where its price starts and slowly returns to, in dollars. */
  readonly ref: number;
  /** Standard deviation of the log return of one session. */
  readonly dailyVol: number;
  /** Typical spread in basis points of the price. */
  readonly spreadBp: number;
  /** Trades a second at midday-average activity under the normal load profile. */
  readonly tradesPerSec: number;
};

/** Share of a symbol's variance that comes from the market is beta². */
export const sectors = {
  technology: { beta: 0.55 },
  communication: { beta: 0.52 },
  consumer: { beta: 0.5 },
  staples: { beta: 0.45 },
  financials: { beta: 0.53 },
  health: { beta: 0.46 },
  industrials: { beta: 0.52 },
  energy: { beta: 0.47 },
} as const;
export type Sector = keyof typeof sectors;

/**
 * Every default symbol keeps tick / σ(1 min) below 0.25: with a coarser tick, bid-ask bounce drowns the price process.
 * At one cent and 390 minutes a session that is ref × dailyVol ≥ 0.8.
 */
export const instruments: readonly Instrument[] = [
  row('AAPL', 'technology', 187.5, 0.016, 1.5, 1.4),
  row('MSFT', 'technology', 415, 0.015, 1.5, 1.2),
  row('NVDA', 'technology', 120, 0.03, 1.5, 1.4),
  row('AMD', 'technology', 150, 0.03, 1.8, 1.2),
  row('AVGO', 'technology', 170, 0.026, 2.2, 0.8),
  row('ORCL', 'technology', 140, 0.021, 2.2, 0.6),
  row('CRM', 'technology', 265, 0.021, 2.4, 0.5),
  row('INTC', 'technology', 31, 0.03, 3.2, 0.9),
  row('GOOGL', 'communication', 170, 0.018, 1.6, 1.1),
  row('META', 'communication', 495, 0.022, 1.8, 1.0),
  row('DIS', 'communication', 98, 0.018, 2.2, 0.6),
  row('TMUS', 'communication', 175, 0.014, 2.6, 0.4),
  row('AMZN', 'consumer', 185, 0.02, 1.6, 1.2),
  row('TSLA', 'consumer', 240, 0.03, 1.8, 1.4),
  row('HD', 'consumer', 360, 0.015, 2.4, 0.45),
  row('MCD', 'consumer', 265, 0.014, 2.4, 0.4),
  row('NKE', 'consumer', 85, 0.02, 2.4, 0.5),
  row('SBUX', 'consumer', 88, 0.019, 2.4, 0.5),
  row('WMT', 'staples', 68, 0.014, 2.0, 0.7),
  row('PG', 'staples', 168, 0.014, 2.2, 0.45),
  row('KO', 'staples', 62, 0.014, 2.2, 0.55),
  row('PEP', 'staples', 170, 0.014, 2.4, 0.4),
  row('JPM', 'financials', 205, 0.016, 1.8, 0.8),
  row('BAC', 'financials', 39.5, 0.021, 3.0, 0.9),
  row('GS', 'financials', 470, 0.018, 3.2, 0.35),
  row('V', 'financials', 275, 0.014, 2.0, 0.55),
  row('MA', 'financials', 455, 0.014, 2.4, 0.4),
  row('BRK-B', 'financials', 440, 0.014, 2.4, 0.35),
  row('UNH', 'health', 495, 0.017, 2.8, 0.4),
  row('JNJ', 'health', 152, 0.014, 2.2, 0.5),
  row('MRK', 'health', 125, 0.015, 2.2, 0.5),
  row('ABBV', 'health', 175, 0.015, 2.4, 0.45),
  row('CAT', 'industrials', 340, 0.018, 2.8, 0.35),
  row('BA', 'industrials', 180, 0.024, 2.4, 0.6),
  row('GE', 'industrials', 165, 0.02, 2.6, 0.45),
  row('UPS', 'industrials', 135, 0.017, 2.6, 0.35),
  row('XOM', 'energy', 113, 0.016, 1.9, 0.8),
  row('CVX', 'energy', 155, 0.016, 2.2, 0.6),
  row('COP', 'energy', 112, 0.019, 2.6, 0.45),
  row('SLB', 'energy', 45, 0.021, 3.2, 0.5),
];

export const maxSymbols = 10_000; // what one process can carry at the normal profile; more is a typing mistake

/** The first `count` symbols: the named ones, then invented ones SIM-00001, SIM-00002 … */
export function firstInstruments(count: number): Instrument[] {
  const invented = Math.max(0, count - instruments.length);
  return [...instruments.slice(0, count), ...Array.from({ length: invented }, (_, i) => inventedInstrument(i + 1))];
}

/** The instrument of that name, undefined when there is none. */
export function findInstrument(symbol: string): Instrument | undefined {
  const number = /^SIM-(\d{5})$/.exec(symbol)?.[1];
  if (number !== undefined) return Number(number) > 0 ? inventedInstrument(Number(number)) : undefined;
  return bySymbol.get(symbol);
}

const bySymbol = new Map(instruments.map((instrument) => [instrument.symbol, instrument]));
const sectorNames = Object.keys(sectors) as Sector[];

/** Multiples of irrational numbers spread the invented symbols evenly, the same way for everyone. */
function inventedInstrument(number: number): Instrument {
  const spread = (irrational: number) => (number * irrational) % 1;
  const ref = Math.round(4000 * 12 ** spread(Math.SQRT2)) / 100;
  return {
    symbol: `SIM-${String(number).padStart(5, '0')}`,
    sector: sectorNames[number % sectorNames.length] ?? 'technology',
    ref,
    dailyVol: Math.max(0.014 + 0.016 * spread(Math.E), 0.8 / ref),
    spreadBp: 1.5 + 2.5 * spread(Math.PI),
    tradesPerSec: 0.3 * 4 ** spread(Math.sqrt(3)),
  };
}

function row(
  symbol: string,
  sector: Sector,
  ref: number,
  dailyVol: number,
  spreadBp: number,
  tradesPerSec: number,
): Instrument {
  return { symbol, sector, ref, dailyVol, spreadBp, tradesPerSec };
}
