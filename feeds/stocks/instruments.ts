/** The symbols that can be simulated. Names are real, numbers are round figures of the right size, not market data. */
export type Instrument = {
  readonly symbol: string;
  /** The company's. */
  readonly name: string;
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
  utilities: { beta: 0.4 },
  materials: { beta: 0.5 },
  realestate: { beta: 0.46 },
} as const;
export type Sector = keyof typeof sectors;

/**
 * Every default symbol keeps tick / σ(1 min) below 0.25: with a coarser tick, bid-ask bounce drowns the price process.
 * At one cent and 390 minutes a session that is ref × dailyVol ≥ 0.8.
 */
export const instruments: readonly Instrument[] = [
  row('AAPL', 'Apple Inc.', 'technology', 187.5, 0.016, 1.5, 1.4),
  row('MSFT', 'Microsoft Corporation', 'technology', 415, 0.015, 1.5, 1.2),
  row('NVDA', 'NVIDIA Corporation', 'technology', 120, 0.03, 1.5, 1.4),
  row('AMD', 'Advanced Micro Devices, Inc.', 'technology', 150, 0.03, 1.8, 1.2),
  row('AVGO', 'Broadcom Inc.', 'technology', 170, 0.026, 2.2, 0.8),
  row('ORCL', 'Oracle Corporation', 'technology', 140, 0.021, 2.2, 0.6),
  row('CRM', 'Salesforce, Inc.', 'technology', 265, 0.021, 2.4, 0.5),
  row('INTC', 'Intel Corporation', 'technology', 31, 0.03, 3.2, 0.9),
  row('GOOGL', 'Alphabet Inc.', 'communication', 170, 0.018, 1.6, 1.1),
  row('META', 'Meta Platforms, Inc.', 'communication', 495, 0.022, 1.8, 1.0),
  row('DIS', 'The Walt Disney Company', 'communication', 98, 0.018, 2.2, 0.6),
  row('TMUS', 'T-Mobile US, Inc.', 'communication', 175, 0.014, 2.6, 0.4),
  row('AMZN', 'Amazon.com, Inc.', 'consumer', 185, 0.02, 1.6, 1.2),
  row('TSLA', 'Tesla, Inc.', 'consumer', 240, 0.03, 1.8, 1.4),
  row('HD', 'The Home Depot, Inc.', 'consumer', 360, 0.015, 2.4, 0.45),
  row('MCD', 'McDonald’s Corporation', 'consumer', 265, 0.014, 2.4, 0.4),
  row('NKE', 'NIKE, Inc.', 'consumer', 85, 0.02, 2.4, 0.5),
  row('SBUX', 'Starbucks Corporation', 'consumer', 88, 0.019, 2.4, 0.5),
  row('WMT', 'Walmart Inc.', 'staples', 68, 0.014, 2.0, 0.7),
  row('PG', 'The Procter & Gamble Company', 'staples', 168, 0.014, 2.2, 0.45),
  row('KO', 'The Coca-Cola Company', 'staples', 62, 0.014, 2.2, 0.55),
  row('PEP', 'PepsiCo, Inc.', 'staples', 170, 0.014, 2.4, 0.4),
  row('JPM', 'JPMorgan Chase & Co.', 'financials', 205, 0.016, 1.8, 0.8),
  row('BAC', 'Bank of America Corporation', 'financials', 39.5, 0.021, 3.0, 0.9),
  row('GS', 'The Goldman Sachs Group, Inc.', 'financials', 470, 0.018, 3.2, 0.35),
  row('V', 'Visa Inc.', 'financials', 275, 0.014, 2.0, 0.55),
  row('MA', 'Mastercard Incorporated', 'financials', 455, 0.014, 2.4, 0.4),
  row('BRK-B', 'Berkshire Hathaway Inc.', 'financials', 440, 0.014, 2.4, 0.35),
  row('UNH', 'UnitedHealth Group Incorporated', 'health', 495, 0.017, 2.8, 0.4),
  row('JNJ', 'Johnson & Johnson', 'health', 152, 0.014, 2.2, 0.5),
  row('MRK', 'Merck & Co., Inc.', 'health', 125, 0.015, 2.2, 0.5),
  row('ABBV', 'AbbVie Inc.', 'health', 175, 0.015, 2.4, 0.45),
  row('CAT', 'Caterpillar Inc.', 'industrials', 340, 0.018, 2.8, 0.35),
  row('BA', 'The Boeing Company', 'industrials', 180, 0.024, 2.4, 0.6),
  row('GE', 'General Electric Company', 'industrials', 165, 0.02, 2.6, 0.45),
  row('UPS', 'United Parcel Service, Inc.', 'industrials', 135, 0.017, 2.6, 0.35),
  row('XOM', 'Exxon Mobil Corporation', 'energy', 113, 0.016, 1.9, 0.8),
  row('CVX', 'Chevron Corporation', 'energy', 155, 0.016, 2.2, 0.6),
  row('COP', 'ConocoPhillips', 'energy', 112, 0.019, 2.6, 0.45),
  row('SLB', 'SLB', 'energy', 45, 0.021, 3.2, 0.5),
  row('CSCO', 'Cisco Systems, Inc.', 'technology', 57, 0.016, 2.2, 0.7),
  row('ADBE', 'Adobe Inc.', 'technology', 480, 0.021, 2.4, 0.5),
  row('QCOM', 'QUALCOMM Incorporated', 'technology', 165, 0.022, 2.2, 0.6),
  row('TXN', 'Texas Instruments Incorporated', 'technology', 190, 0.018, 2.4, 0.45),
  row('IBM', 'International Business Machines Corporation', 'technology', 215, 0.015, 2.2, 0.45),
  row('NFLX', 'Netflix, Inc.', 'communication', 450, 0.024, 2.4, 0.6),
  row('VZ', 'Verizon Communications Inc.', 'communication', 58, 0.014, 2.2, 0.7),
  row('LOW', 'Lowe’s Companies, Inc.', 'consumer', 245, 0.016, 2.6, 0.4),
  row('COST', 'Costco Wholesale Corporation', 'staples', 490, 0.014, 2.4, 0.4),
  row('PM', 'Philip Morris International Inc.', 'staples', 120, 0.014, 2.4, 0.4),
  row('WFC', 'Wells Fargo & Company', 'financials', 60, 0.018, 2.2, 0.8),
  row('MS', 'Morgan Stanley', 'financials', 105, 0.018, 2.4, 0.5),
  row('AXP', 'American Express Company', 'financials', 250, 0.017, 2.6, 0.35),
  row('LLY', 'Eli Lilly and Company', 'health', 500, 0.019, 2.6, 0.5),
  row('AMGN', 'Amgen Inc.', 'health', 310, 0.015, 2.6, 0.35),
  row('TMO', 'Thermo Fisher Scientific Inc.', 'health', 495, 0.016, 2.8, 0.3),
  row('HON', 'Honeywell International Inc.', 'industrials', 205, 0.014, 2.4, 0.4),
  row('LMT', 'Lockheed Martin Corporation', 'industrials', 465, 0.014, 2.8, 0.3),
  row('DE', 'Deere & Company', 'industrials', 385, 0.017, 2.8, 0.3),
  row('NEE', 'NextEra Energy, Inc.', 'utilities', 76, 0.016, 2.4, 0.6),
  row('DUK', 'Duke Energy Corporation', 'utilities', 112, 0.014, 2.6, 0.4),
  row('LIN', 'Linde plc', 'materials', 455, 0.014, 2.6, 0.35),
  row('FCX', 'Freeport-McMoRan Inc.', 'materials', 44, 0.026, 2.8, 0.7),
  row('PLD', 'Prologis, Inc.', 'realestate', 118, 0.018, 2.6, 0.4),
  row('AMT', 'American Tower Corporation', 'realestate', 205, 0.016, 2.6, 0.35),
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
  const digits = String(number).padStart(5, '0');
  return {
    symbol: `SIM-${digits}`,
    name: `Simulated ${digits}`,
    sector: sectorNames[number % sectorNames.length] ?? 'technology',
    ref,
    dailyVol: Math.max(0.014 + 0.016 * spread(Math.E), 0.8 / ref),
    spreadBp: 1.5 + 2.5 * spread(Math.PI),
    tradesPerSec: 0.3 * 4 ** spread(Math.sqrt(3)),
  };
}

function row(
  symbol: string,
  name: string,
  sector: Sector,
  ref: number,
  dailyVol: number,
  spreadBp: number,
  tradesPerSec: number,
): Instrument {
  return { symbol, name, sector, ref, dailyVol, spreadBp, tradesPerSec };
}
