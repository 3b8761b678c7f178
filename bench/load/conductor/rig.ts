/** Everything that one run needs, started and stopped together: server, publications, load processes. */

import type { LoadPlan, Target } from '../plan.ts';
import type { FedBy } from '../source/source-protocol.ts';
import { checkRig } from './check-plan.ts';
import { type ClockOffset, measureOffset } from './clock-offset.ts';
import { checkLimits } from './limits.ts';
import { LoadProcesses, type WholeCrew } from './load-processes.ts';
import { type Publishing, startPublishing } from './publishing.ts';
import { type RunningTarget, startTarget } from './target.ts';

export type Rig = {
  readonly target: RunningTarget;
  readonly publishing: Publishing;
  readonly processes: LoadProcesses;
  /** Of a server whose own times are measured. */
  readonly offset: ClockOffset | undefined;
  /** Twice is harmless. */
  stop(): Promise<void>;
};

export type RigPlan = Pick<LoadPlan, 'target' | 'source' | 'connections' | 'workers' | 'patterns'> & {
  /** Stamps publications with the time at which they left, as a measurement does that waits with its server. */
  readonly isCoordinated?: boolean;
};

/**
 * Starts all of it, or nothing: rejects with BenchError for what the user must mend, and with the signal's reason.
 * Once aborted everything is stopped, so whatever is asked of it then fails.
 */
export async function openRig(plan: RigPlan, signal: AbortSignal): Promise<Rig> {
  checkRig(plan);
  checkLimits(plan);
  const started: Stoppable[] = [];
  const stop = async () => {
    signal.removeEventListener('abort', stop);
    await Promise.all(started.map((part) => part.stop()));
  };
  signal.addEventListener('abort', stop);
  try {
    return { ...(await startAll(plan, signal, started)), stop };
  } catch (error) {
    await stop();
    throw signal.aborted ? signal.reason : error;
  }
}

type Stoppable = { stop(): Promise<void> };

/** What runs is added to `started` at once. */
async function startAll(plan: RigPlan, signal: AbortSignal, started: Stoppable[]): Promise<Omit<Rig, 'stop'>> {
  const keep = <S extends Stoppable>(part: S): S => {
    started.push(part);
    signal.throwIfAborted();
    return part;
  };
  signal.throwIfAborted();
  const target = keep(await startTarget(plan.target, fedBy(plan), signal));
  const offset = plan.source.kind === 'existing' ? await measureOffset(target.url) : undefined;
  const publishing = keep(await startPublishing(plan.source, target));
  const count = Math.min(plan.workers, plan.connections);
  const processes = keep(new LoadProcesses(count, plan.target.kind === 'own'));
  return { target, publishing, processes, offset };
}

function fedBy({ source, isCoordinated = false }: RigPlan): FedBy {
  switch (source.kind) {
    case 'feed': {
      const { kind, ...fed } = source;
      return { by: 'load feed', fed, isCoordinated };
    }
    case 'publishers':
      return { by: 'clients' };
    case 'existing':
      return { by: 'its feeds' };
  }
}

type Connections = Pick<
  LoadPlan,
  'connections' | 'rampSec' | 'encoding' | 'patterns' | 'readOneIn' | 'isCompressed'
> & {
  readonly maxRate?: number;
};

/** What the load processes are told of a plan's connections. */
export function crewOf(plan: RigPlan & Connections, { target, offset }: Rig): WholeCrew {
  const { connections, rampSec, encoding, patterns, maxRate, readOneIn, source } = plan;
  return {
    url: target.url,
    connections,
    rampSec,
    encoding,
    patterns,
    readOneIn,
    topics: source.kind === 'existing' ? 1 : source.topics,
    isCompressed: plan.isCompressed ?? compresses(plan.target),
    times: offset === undefined ? { from: 'stamp' } : { from: 'event', offsetMicros: offset.offsetMicros },
    ...(maxRate !== undefined && { maxRate }),
  };
}

function compresses(target: Target): boolean {
  if (target.kind === 'url') return false;
  const { compressFromBytes } = target.server;
  return typeof compressFromBytes === 'number' && compressFromBytes > 0;
}
