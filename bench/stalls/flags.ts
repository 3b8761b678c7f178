/** What `bench:stalls` may be told. */

import { parseArgs } from 'node:util';

export type Flags = {
  subscribers: number;
  /** How many of them stop reading, or read slowly. */
  stalled: number;
  rounds: number;
  /** Of one stall. */
  seconds: number;
  payloadBytes: number;
  topics: number;
  turnsPerSec: number;
  slowBytesPerSec: number;
  /** The server's. */
  lagMs: number;
  scenarios: readonly Scenario[];
};
export type Scenario = 'frozen' | 'slow';

/** Two rounds of each make six windows of 10 s to compare, and under four minutes. */
const defaults: Flags = {
  subscribers: 1000,
  stalled: 50,
  rounds: 2,
  seconds: 30,
  payloadBytes: 128,
  topics: 5,
  turnsPerSec: 20,
  slowBytesPerSec: 8000,
  lagMs: 1000,
  scenarios: ['frozen', 'slow'],
};

const help = `npm run bench:stalls -- [--subscribers ${defaults.subscribers}] [--stalled ${defaults.stalled}] [--rounds ${defaults.rounds}] [--seconds ${defaults.seconds}]
  [--payload ${defaults.payloadBytes}] [--topics ${defaults.topics}] [--turns ${defaults.turnsPerSec}] [--slow-bytes ${defaults.slowBytesPerSec}] [--lag ${defaults.lagMs}] [--only frozen|slow]
Each turn publishes on every topic. So that kernel buffers are full before a ping finds the laggards:
  --only frozen --subscribers 60 --topics 1 --payload 8192 --turns 400 --lag 20000`;

/** Ends the process with the usage when that is asked for, or there is something in `args` that it does not know. */
export function readFlags(args: readonly string[]): Flags {
  if (args.includes('--help')) {
    console.log(help);
    process.exit(0);
  }
  try {
    return parse(args);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${help}`);
    process.exit(2);
  }
}

function parse(args: readonly string[]): Flags {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      subscribers: text,
      stalled: text,
      rounds: text,
      seconds: text,
      payload: text,
      topics: text,
      turns: text,
      'slow-bytes': text,
      lag: text,
      only: text,
    },
  });
  const flags = {
    subscribers: whole('subscribers', values.subscribers, defaults.subscribers),
    stalled: whole('stalled', values.stalled, defaults.stalled),
    rounds: whole('rounds', values.rounds, defaults.rounds),
    seconds: whole('seconds', values.seconds, defaults.seconds),
    payloadBytes: whole('payload', values.payload, defaults.payloadBytes),
    topics: whole('topics', values.topics, defaults.topics),
    turnsPerSec: whole('turns', values.turns, defaults.turnsPerSec),
    slowBytesPerSec: whole('slow-bytes', values['slow-bytes'], defaults.slowBytesPerSec),
    lagMs: whole('lag', values.lag, defaults.lagMs),
    scenarios: values.only === undefined ? defaults.scenarios : [scenario(values.only)],
  };
  if (flags.stalled < flags.subscribers) return flags;
  throw new RangeError(`--stalled must be less than --subscribers, got ${flags.stalled} of ${flags.subscribers}`);
}

function whole(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new RangeError(`--${name} must be a whole number above 0, got "${text}"`);
}

function scenario(text: string): Scenario {
  if (text === 'frozen' || text === 'slow') return text;
  throw new RangeError(`--only must be frozen or slow, got "${text}"`);
}
