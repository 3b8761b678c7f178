/** What `bench:peers` may be told. */

import { parseArgs } from 'node:util';
import { type ExperimentId, experimentIds } from './experiments.ts';
import { type PeerName, peerNames } from './peer.ts';

export type Flags = {
  readonly rounds: number;
  /** Of one run. */
  readonly seconds: number;
  readonly peers: readonly PeerName[];
  readonly experiments: readonly ExperimentId[];
  readonly isWritten: boolean;
  /** Where every single run goes. */
  readonly jsonFile: string | undefined;
};

const usual = { rounds: 5, seconds: 3 } as const;
const quick = { rounds: 2, seconds: 1 } as const;

const help = `npm run bench:peers -- [--rounds ${usual.rounds}] [--seconds ${usual.seconds}] [--only peer,…] [--experiments name,…] [--quick] [--write] [--json file]
  --only         some of ${peerNames.join(', ')}
  --experiments  some of ${experimentIds.join(', ')}
  --quick        ${quick.rounds} rounds of ${quick.seconds} s: to see that it works, not to quote
  --write        writes bench/RESULTS.md
  --json         writes what each single run measured`;

/** Ends the process with the usage when that is asked for, or there is something in `args` that it does not know. */
export function readFlags(args: readonly string[]): Flags {
  if (args.includes('--help')) {
    console.log(help);
    process.exit(0);
  }
  try {
    return parseFlags(args);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${help}`);
    process.exit(2);
  }
}

/** Throws for what it does not know, naming the flag and the value. */
export function parseFlags(args: readonly string[]): Flags {
  const text = { type: 'string' } as const;
  const yes = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { rounds: text, seconds: text, only: text, experiments: text, quick: yes, write: yes, json: text },
  });
  const lengths = values.quick ? quick : usual;
  return {
    rounds: whole('rounds', values.rounds, lengths.rounds),
    seconds: whole('seconds', values.seconds, lengths.seconds),
    peers: some('only', values.only, peerNames),
    experiments: some('experiments', values.experiments, experimentIds),
    isWritten: values.write,
    jsonFile: values.json,
  };
}

function whole(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new RangeError(`--${name} must be a whole number above 0, got "${text}"`);
}

/** Those that the comma list names; all without one. */
function some<T extends string>(flag: string, list: string | undefined, all: readonly T[]): readonly T[] {
  if (list === undefined) return all;
  return list.split(',').map((text) => {
    const name = all.find((name) => name === text);
    if (name !== undefined) return name;
    throw new RangeError(`--${flag} must name some of ${all.join(', ')}, got "${text}"`);
  });
}
