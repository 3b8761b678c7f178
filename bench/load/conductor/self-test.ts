/** The harness put to the test: a run that is spoilt on purpose must show it, and one that is not must not. */

import type { LoadPlan } from '../plan.ts';
import type { RunReport } from '../report.ts';
import type { ServerRequest } from '../source/source-protocol.ts';
import type { WorkerRequest } from '../worker/worker-protocol.ts';
import type { Rig } from './rig.ts';
import { type LoadOptions, runLoad, type Watching } from './run-load.ts';

export type SelfTestLine = {
  readonly what: string;
  readonly expected: string;
  readonly found: string;
  readonly ok: boolean;
};

const stallMs = 200;
/** So much of the stall must show: publications due at its beginning wait for all of it, those at its end for none. */
const shownMs = 0.75 * stallMs;
const starvedShare = 0.97;

/** Takes about half a minute. Every line is ok, or the harness must not be believed on this machine as it is now. */
export async function selfTest(progress: Watching['progress'], signal: AbortSignal): Promise<SelfTestLine[]> {
  const run = (label: string, options: LoadOptions = {}) => runLoad({ ...plan, label }, { progress, signal }, options);
  return [
    stallLine(await run('self-test: server stalled', { meddle: stallServer })),
    hiddenLine(await run('self-test: server stalled, measured wrongly', { meddle: stallServer, isCoordinated: true })),
    busyLine(await run('self-test: load process starved', { meddle: starve })),
    healthyLine(await run('self-test: nothing wrong')),
  ];
}

/** Light, and with publications enough for p99.9: 11,000. */
const plan: LoadPlan = {
  label: 'self-test',
  target: { kind: 'own', server: {} },
  connections: 10,
  workers: 1,
  rampSec: 0,
  encoding: 'msgpack',
  patterns: ['bench.>'],
  source: { kind: 'feed', topics: 20, rate: 110, burst: 20, payloadBytes: 64 },
  warmUpSec: 2,
  durationSec: 5,
  readOneIn: 1,
};

function stallServer({ target }: Rig): void {
  const stall: ServerRequest = { ask: 'stall', ms: stallMs };
  target.own?.ask(stall).catch(() => {}); // a server that is gone is told by whoever asks it next
}

function starve({ processes }: Rig): void {
  const starve: WorkerRequest = { ask: 'starve', share: starvedShare };
  processes.each(starve).catch(() => {}); // as above
}

function stallLine({ load }: RunReport): SelfTestLine {
  const { p999 = 0, max = 0 } = load?.latency?.ms ?? {};
  return {
    what: `the server does nothing for ${stallMs} ms`,
    expected: `p99.9 and max of ${shownMs} ms or more`,
    found: `p99.9 ${ms(p999)}, max ${ms(max)}`,
    ok: p999 >= shownMs && max >= shownMs,
  };
}

function hiddenLine({ load }: RunReport): SelfTestLine {
  const { p999, max } = load?.latency?.ms ?? { p999: Number.POSITIVE_INFINITY, max: Number.POSITIVE_INFINITY };
  return {
    what: 'the same, timed from when publications left instead of when they were due',
    expected: `p99.9 below ${shownMs} ms: the stall is hidden, so it takes the due time to see it`,
    found: `p99.9 ${ms(p999)}, max ${ms(max)}`,
    ok: p999 < shownMs,
  };
}

function busyLine({ doubts }: RunReport): SelfTestLine {
  return {
    what: `the load process is kept busy for ${starvedShare * 100} % of the time`,
    expected: 'the doubt "generator busy"',
    found: doubtsText(doubts),
    ok: doubts.some(({ kind }) => kind === 'generator busy'),
  };
}

function healthyLine({ doubts }: RunReport): SelfTestLine {
  return { what: 'nothing is wrong', expected: 'no doubt', found: doubtsText(doubts), ok: doubts.length === 0 };
}

function doubtsText(doubts: RunReport['doubts']): string {
  return doubts.length === 0 ? 'no doubt' : doubts.map(({ kind, message }) => `${kind}: ${message}`).join('; ');
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}
