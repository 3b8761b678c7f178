import { z } from 'zod';
import { findInstrument, firstInstruments, type Instrument, instruments, maxSymbols } from './instruments.ts';
import { scenarioNames } from './scenario.ts';

/** How busy the tape is; the prices are the same under each. */
export const loadFactors = { calm: 0.3, normal: 1, busy: 10, stress: 100 } as const;
export type Load = keyof typeof loadFactors;

const symbol = z
  .string()
  .regex(/^[A-Z0-9-]+$/, {
    error: ({ input }) => `symbol ${JSON.stringify(input)} must be capitals, digits and dashes`,
  })
  .refine((name) => findInstrument(name) !== undefined, {
    error: ({ input }) => `unknown symbol ${JSON.stringify(input)}: known are ${known}`,
    abort: true,
  });

const symbols = z.array(symbol).min(1).max(maxSymbols).check(namedOnce);

/** Runs with no configuration at all. */
export const stocksConfig = z.strictObject({
  symbols: z
    .union([z.int().min(1).max(maxSymbols), symbols], { error: symbolsFault })
    .default(instruments.length) // all named ones: enough for a lively page, little enough for one screen
    .describe('Which symbols: a list of names, or how many.'),
  stepMs: z
    .int()
    .min(10)
    .max(1000)
    .refine((ms) => 1000 % ms === 0, { error: 'must divide 1000, so that once-a-second topics keep their beat' })
    .default(100) // ten chances a second to move: finer than the eye, coarse enough for thousands of symbols a core
    .describe('Virtual time between two steps of the model, in milliseconds.'),
  book: z
    .boolean()
    .default(true) // about half of what the feed costs
    .describe('Whether books behind the quotes are published.'),
  pastMin: z
    .int()
    .min(0)
    .max(1440)
    .default(240) // a chart is full at first sight, and the start a fifth of a second later
    .describe('Minutes of bars from before the start that the market opens with.'),
  scenario: z
    .enum(scenarioNames)
    .default('normal')
    .describe('What befalls symbols: nothing, now and then a halt, or halts, crashes and shocks to look at.'),
  load: z
    .enum(['calm', 'normal', 'busy', 'stress'])
    .default('normal') // about the rates of a liquid stock; the others multiply them by 0.3, 10 and 100
    .describe('How many trades and size changes: x0.3, x1, x10, x100. Prices stay the same.'),
  speed: z
    .number()
    .positive()
    .max(3600)
    .default(1) // real time; 60 shows a whole day in 24 minutes
    .describe('Session seconds that pass in one second.'),
  session: z
    .enum(['24x7'])
    .default('24x7') // a demo at any hour meets an open market
    .describe('24x7: always open, one intraday profile stretched over each UTC day.'),
});
export type StocksConfig = z.output<typeof stocksConfig>;

/** The instruments a valid configuration asks for. */
export function chosenInstruments(choice: StocksConfig['symbols']): Instrument[] {
  if (typeof choice === 'number') return firstInstruments(choice);
  return choice.map((name) => findInstrument(name)).filter((found) => found !== undefined);
}

const known = `${instruments.map((instrument) => instrument.symbol).join(', ')} and SIM-00001 to SIM-99999`;

/** A union by itself only says "invalid input"; this says what is wrong with the form that was meant. */
function symbolsFault({ code, input, ...issue }: z.core.$ZodRawIssue): string {
  const otherwise = `symbols must be a list of names or a count, got ${JSON.stringify(input)}`;
  if (code !== 'invalid_union' || !('errors' in issue) || !(Array.isArray(input) || typeof input === 'number')) {
    return otherwise;
  }
  const [ofCount = [], ofList = []] = issue.errors as z.core.$ZodIssue[][];
  const faults = Array.isArray(input) ? ofList : ofCount;
  return faults.map(({ message }) => message).join('; ') || otherwise;
}

function namedOnce({ value, issues }: z.core.ParsePayload<string[]>): void {
  const seen = new Set<string>();
  for (const name of value) {
    if (seen.has(name)) issues.push({ code: 'custom', input: value, message: `symbol "${name}" is listed twice` });
    seen.add(name);
  }
}
