/** Flags that can't go together, said before anything starts. */

import { BenchError } from '../../../bench/load/scenario.ts';
import { checkAssertion } from '../../../bench/report/index.ts';
import type { BenchFlags } from './flags.ts';

/** Throws BenchError naming the flags and what to do. */
export function checkFlags(flags: BenchFlags): void {
  const complaint = contradictions.map((find) => find(flags)).find((found) => found !== undefined);
  if (complaint !== undefined) throw new BenchError(complaint);
  if (flags.scenario === undefined) for (const assertion of flags.assert ?? []) checkAssertion(assertion);
}

const contradictions: readonly ((flags: BenchFlags) => string | undefined)[] = [
  selfTestAlone,
  pidWithoutUrl,
  loadWithoutSource,
  cpuWithoutPid,
  fewerConnectionsThanWorkers,
];

function selfTestAlone({ selfTest, json, ...others }: BenchFlags): string | undefined {
  const [first] = Object.keys(others);
  if (selfTest !== true || first === undefined) return undefined;
  return `--self-test runs loads of its own, so it goes with --json alone, not with ${flagName(first)}`;
}

function pidWithoutUrl({ serverPid, url }: BenchFlags): string | undefined {
  if (serverPid === undefined || url !== undefined) return undefined;
  return `--server-pid ${serverPid} is of a server that is there: add its --url, or leave it out`;
}

/** A server that is there publishes what it publishes. */
function loadWithoutSource(flags: BenchFlags): string | undefined {
  if (flags.url === undefined || flags.publishers !== undefined || flags.scenario !== undefined) return undefined;
  const named = (['topics', 'rate', 'burst', 'payload'] as const).find((name) => flags[name] !== undefined);
  if (named === undefined) return undefined;
  return `${flagName(named)} is for what the load publishes, and ${flags.url} publishes its own: add --publishers, or leave it out`;
}

function cpuWithoutPid({ url, serverPid, assert = [] }: BenchFlags): string | undefined {
  const of = ['server-cpu', 'server-memory', 'deliveries-per-cpu-second'];
  const first = assert.find(({ name }) => of.includes(name));
  if (first === undefined || url === undefined || serverPid !== undefined) return undefined;
  return `--assert "${first.text}" needs --server-pid: nothing is known of the process behind ${url}`;
}

function fewerConnectionsThanWorkers({ connections, workers }: BenchFlags): string | undefined {
  if (connections === undefined || workers === undefined || workers <= connections) return undefined;
  return `--workers ${workers} are more than --connections ${connections}: each process must hold one at least`;
}

/** `serverPid` → `--server-pid` */
function flagName(key: string): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
