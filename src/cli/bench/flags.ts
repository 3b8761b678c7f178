/** The flags of `tickwire bench`. */

import { type Command, Option } from 'commander';
import type { LoadPlan, Slow } from '../../../bench/load/plan.ts';
import type { Assertion } from '../../../bench/report/index.ts';
import { parseCount, parseRate, parseServerUrl } from '../parse.ts';
import {
  collect,
  collectAssertion,
  parseBytes,
  parsePerSecond,
  parseSeconds,
  parseSecondsOrNone,
  parseSlow,
} from './parse.ts';
import { planDefaults } from './plan.ts';

/** What is absent was not said. */
export type BenchFlags = {
  readonly url?: string;
  readonly serverPid?: number;
  readonly scenario?: string;
  readonly connections?: number;
  readonly topics?: number;
  readonly pattern?: readonly string[];
  readonly rate?: number;
  readonly burst?: number;
  readonly payload?: number;
  readonly publishers?: number;
  readonly duration?: number;
  readonly warmUp?: number;
  readonly ramp?: number;
  readonly encoding?: LoadPlan['encoding'];
  readonly maxRate?: number;
  readonly slow?: Slow;
  readonly workers?: number;
  readonly repeat?: number;
  readonly json?: string | true;
  readonly html?: string;
  readonly compare?: string;
  readonly assert?: readonly Assertion[];
  readonly selfTest?: boolean;
};

const encodings: readonly LoadPlan['encoding'][] = ['msgpack', 'json', 'json-batch'];

export function benchFlags(command: Command): Command {
  const { connections, topics, rate, burst, payloadBytes, durationSec, warmUpSec } = planDefaults;
  return command
    .option(
      '-u, --url <url>',
      'a server that is there (default: one is started; TICKWIRE_URL is not used)',
      parseServerUrl,
    )
    .option('--server-pid <pid>', 'process of that server, on this machine: its CPU and memory are shown', parseCount)
    .option('-s, --scenario <name>', 'one of those below, or list; flags then change what it does')
    .option('-c, --connections <number>', `subscribers (default: ${connections})`, parseCount)
    .option('-t, --topics <number>', `topics bench.t0, bench.t1, … (default: ${topics})`, parseCount)
    .option(
      '-p, --pattern <pattern>',
      'what each subscribes to; repeatable; {n}: its own number (default: all)',
      collect,
    )
    .option('-r, --rate <number>', `publications a second on each topic (default: ${rate})`, parsePerSecond)
    .option('--burst <number>', `publications that are due at once (default: ${burst})`, parseCount)
    .option('--payload <bytes>', `text of a publication, such as 128 or 4kb (default: ${payloadBytes})`, parseBytes)
    .option('--publishers <number>', 'publish from so many clients, not within the server', parseCount)
    .option('-d, --duration <time>', `measure for so long (default: ${durationSec}s)`, parseSeconds)
    .option('--warm-up <time>', `before that, not counted (default: ${warmUpSec}s)`, parseSecondsOrNone)
    .option('--ramp <time>', 'open the connections evenly over so long (default: at once)', parseSecondsOrNone)
    .addOption(new Option('--encoding <name>', 'what they read (default: msgpack)').choices(encodings))
    .option('--max-rate <hz>', 'updates a second and topic that each asks for at most', parseRate)
    .option('--slow <share:way>', 'slow readers: 5%:stall, 5%:stall30s or 5%:8kbps (kbit/s)', parseSlow)
    .option(
      '--workers <number>',
      'processes that hold the connections (default: cores less one, 4 at most)',
      parseCount,
    )
    .option('--repeat <number>', 'do all of it so many times: --compare then knows how much is noise', parseCount)
    .option('--json [file]', 'write the report as JSON; without a file nothing else goes to stdout')
    .option('--html <file>', 'write the report as one page that needs no network')
    .option('--compare <file>', 'show ratios to an earlier --json report, and what is noise')
    .option('--assert <assertion>', 'exit with 1 unless it holds, such as p99<20ms; repeatable', collectAssertion)
    .option('--self-test', 'let the harness prove that it notices its own faults; takes half a minute');
}
