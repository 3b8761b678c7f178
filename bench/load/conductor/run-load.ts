/** One run of a plan: connect, warm up, measure, settle, account. */

import { sum } from '../../support/statistics.ts';
import { merged } from '../histogram.ts';
import type { LoadPlan } from '../plan.ts';
import type { Moment, Percentiles, Progress, RunReport } from '../report.ts';
import { BenchError } from '../scenario.ts';
import type { Published } from '../source/tally.ts';
import type { Account, Opened, Sample } from '../worker/worker-protocol.ts';
import { checkPlan } from './check-plan.ts';
import { doubtsOf } from './doubts.ts';
import { countsOf, loadResult } from './load-result.ts';
import { measure, transposed } from './measure.ts';
import { crewOf, openRig, type Rig } from './rig.ts';
import { settle } from './settle.ts';

export type Watching = {
  readonly progress: (progress: Progress) => void;
  readonly signal: AbortSignal;
};

export type LoadOptions = {
  /** As a measurement would that waits together with its server: to show what that hides. */
  readonly isCoordinated?: boolean;
  /** Called with everything when measuring begins. */
  readonly meddle?: (rig: Rig) => void;
};

/**
 * Whatever happens, nothing is left running. Rejects with BenchError for what the user must mend, and once aborted with
 * the signal's reason.
 */
export async function runLoad(plan: LoadPlan, watching: Watching, options: LoadOptions = {}): Promise<RunReport> {
  const { progress, signal } = watching;
  checkPlan(plan);
  const { label } = plan;
  progress({ label, phase: 'starting', done: 0, connections: 0 });
  const rig = await openRig({ ...plan, isCoordinated: options.isCoordinated === true }, signal);
  try {
    return await run(rig, plan, watching, options);
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    await rig.stop();
  }
}

async function run(rig: Rig, plan: LoadPlan, { progress }: Watching, { meddle }: LoadOptions): Promise<RunReport> {
  const { label } = plan;
  progress({ label, phase: 'connecting', done: 0, connections: 0 });
  const opened = await connectAll(rig, plan);
  const connections = sum(opened, (one) => one.opened);
  await rig.publishing.begin();
  const measured = await measure(rig, plan, {
    warmingUp: (done) => progress({ label, phase: 'warming up', done, connections }),
    begun: () => meddle?.(rig),
    second: (moment, open) => progress({ label, ...measuring(moment, plan, open) }),
  });
  progress({ label, phase: 'stopping', done: 0, connections });
  const ending = await end(rig);
  const load = loadResult({ asked: plan.connections, opened, measured, ...ending, offset: rig.offset });
  const timersLateMs = transposed(measured.samples).map((of) => of.map(({ timerLateMs }) => timerLateMs));
  const doubts = doubtsOf({ plan, load, timersLateMs, publishersLateMs: ending.publishersLateMs });
  progress({ label, phase: 'stopping', done: 1, connections });
  return { label, plan, load, figures: [], doubts };
}

/** Throws BenchError when not a single one could be opened. */
async function connectAll(rig: Rig, plan: LoadPlan): Promise<Opened[]> {
  const opened = await rig.processes.open(crewOf(plan, rig));
  if (opened.some((one) => one.opened > 0)) return opened;
  const reasons = Object.keys(countsOf(opened.map(({ failed }) => failed)));
  const why = reasons.length === 0 ? '' : `: ${reasons.join(', ')}`;
  throw new BenchError(`none of ${plan.connections} connections to ${rig.target.url} could be opened${why}`);
}

function measuring(moment: Moment, { durationSec }: LoadPlan, connections: number): Omit<Progress, 'label'> {
  const { second, deliveries, p99, serverCpu, clientCpu } = moment;
  return {
    phase: 'measuring',
    done: Math.min(1, second / durationSec),
    connections,
    deliveriesPerSec: deliveries,
    p99Ms: p99,
    clientCpu,
    ...(serverCpu !== undefined && { serverCpu }),
  };
}

type Ending = {
  readonly published: Published | undefined;
  readonly publishersLateMs: Percentiles | undefined;
  /** What came after the window of what was due in it. */
  readonly late: readonly Sample[];
  readonly accounts: readonly Account[];
};

/** Nothing is published any more; what is under way arrives, and all is counted. */
async function end({ publishing, processes }: Rig): Promise<Ending> {
  const published = await publishing.end();
  if (published !== undefined) await settle(processes);
  const late = await processes.each<Sample>({ ask: 'sample' });
  const accounts = await processes.each<Account>({ ask: 'account', lastSeq: published?.lastSeq ?? {} });
  const look = await publishing.look();
  return { published, late, accounts, publishersLateMs: look === undefined ? undefined : merged([look.lateness]).ms };
}
