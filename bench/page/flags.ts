/** What `bench:page` may be told. */

import { parseArgs } from 'node:util';

export type Flags = {
  readonly seconds: number;
  readonly symbols: number;
  /** A folder for screenshots of every view, in place of a measurement. */
  readonly out: string | undefined;
};

const defaults = { seconds: 60, symbols: 50 };

const help = `npm run bench:page -- [--seconds ${defaults.seconds}] [--symbols ${defaults.symbols}]     measure (600 seconds show memory)
npm run bench:page -- --shots folder                  a picture of each view at 390, 1280 and 2560 px, light and dark`;

/** Ends the process with the usage when that is asked for, or there is something in `args` that it does not know. */
export function readFlags(args: readonly string[]): Flags {
  if (args.includes('--help')) {
    console.log(help);
    process.exit(0);
  }
  try {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({ args: [...args], options: { seconds: text, symbols: text, shots: text } });
    return {
      seconds: whole('seconds', values.seconds, defaults.seconds, 5, 3600),
      symbols: whole('symbols', values.symbols, defaults.symbols, 1, 1000),
      out: values.shots,
    };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${help}`);
    process.exit(2);
  }
}

function whole(name: string, text: string | undefined, usual: number, min: number, max: number): number {
  if (text === undefined) return usual;
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new RangeError(`--${name} must be a whole number from ${min} to ${max}, got "${text}"`);
}
