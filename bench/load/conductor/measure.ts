/** One window of a run, as it is measured: each second all processes are asked what they saw. */

import { sharedMicros } from '../../support/shared-clock.ts';
import { sum } from '../../support/statistics.ts';
import { merged } from '../histogram.ts';
import type { LoadPlan } from '../plan.ts';
import { totalUse, UseMeter } from '../process-use.ts';
import type { Moment, ProcessUse } from '../report.ts';
import type { Sample, Window } from '../worker/worker-protocol.ts';
import type { Rig } from './rig.ts';

export type Measured = {
  readonly seconds: number;
  /** What came between the window's begin and the first look. */
  readonly early: readonly Sample[];
  /** Of each second, of each load process. */
  readonly samples: readonly (readonly Sample[])[];
  readonly timeline: readonly Moment[];
  readonly server: ProcessUse | undefined;
  readonly clients: readonly ProcessUse[];
  readonly publishers: ProcessUse | undefined;
};

/** Told of what happens meanwhile. */
export type MeasureListener = {
  /** 0 to 1. */
  warmingUp(done: number): void;
  /** From now on it counts. */
  begun(): void;
  second(moment: Moment, open: number): void;
};

/** From the warm-up to the window's end. */
export async function measure(rig: Rig, plan: LoadPlan, listener: MeasureListener): Promise<Measured> {
  const { target, publishing, processes } = rig;
  const window = await announce(rig, plan);
  const server = new UseMeter(() => target.use());
  const publishers = new UseMeter(() => publishing.look());
  const look = () => Promise.all([processes.each<Sample>({ ask: 'sample' }), server.lap(), publishers.lap()]);
  await warmUp(window, plan.warmUpSec, listener);
  const [early] = await look();
  listener.begun();
  const samples: Sample[][] = [];
  const timeline: Moment[] = [];
  for (let second = 1; second < plan.durationSec + 1; second++) {
    await until(Math.min(window.fromMicros + second * 1e6, window.untilMicros));
    const [sample, serverCpu] = await look();
    const moment = momentOf(second, sample, serverCpu);
    samples.push(sample);
    timeline.push(moment);
    listener.second(
      moment,
      sum(sample, ({ open }) => open),
    );
  }
  return {
    seconds: plan.durationSec,
    early,
    samples,
    timeline,
    server: server.total(),
    clients: transposed(samples).map(clientUse),
    publishers: publishers.total(),
  };
}

const leadMicros = 250_000; // all processes must know of the window before it begins

async function announce({ publishing, processes }: Rig, { warmUpSec, durationSec, slow }: LoadPlan): Promise<Window> {
  const fromMicros = sharedMicros() + Math.max(leadMicros, warmUpSec * 1e6);
  const window = { fromMicros, untilMicros: fromMicros + durationSec * 1e6, ...(slow !== undefined && { slow }) };
  await Promise.all([publishing.measure(window), processes.each({ ask: 'measure', window })]);
  return window;
}

async function warmUp({ fromMicros }: Window, seconds: number, { warmingUp }: MeasureListener): Promise<void> {
  for (let step = 0; step < 2 * seconds; step++) {
    const doneMicros = step * 500_000;
    warmingUp(doneMicros / (seconds * 1e6));
    await until(Math.min(fromMicros, fromMicros - seconds * 1e6 + doneMicros + 500_000));
  }
}

function until(atMicros: number): Promise<void> {
  const waitMs = Math.max(0, (atMicros - sharedMicros()) / 1000);
  return new Promise((resolve) => setTimeout(resolve, waitMs));
}

/** A second in which nothing came has percentiles of 0. */
function momentOf(second: number, samples: readonly Sample[], serverCpu: number | undefined): Moment {
  const { ms } = merged(samples.map(({ latency }) => latency));
  return {
    second,
    deliveries: sum(samples, ({ deliveries }) => deliveries),
    p50: ms?.p50 ?? 0,
    p99: ms?.p99 ?? 0,
    max: ms?.max ?? 0,
    ...(serverCpu !== undefined && { serverCpu }),
    clientCpu: Math.max(0, ...samples.map(({ use }) => use.cpuShare)),
  };
}

/** A process that used nothing tells no share from which its time could be had. */
function clientUse(samples: readonly Sample[]): ProcessUse {
  const uses = samples.map(({ use }) => use);
  const laps = uses.map(({ cpuSec, cpuShare }) => ({ cpuSec, seconds: cpuShare > 0 ? cpuSec / cpuShare : 1 }));
  return totalUse(laps, Math.max(0, ...uses.map(({ rssBytes }) => rssBytes)));
}

/** By process and second what was by second and process. */
export function transposed<T>(rows: readonly (readonly T[])[]): T[][] {
  return (rows[0] ?? []).map((_, i) => rows.flatMap((row) => row.slice(i, i + 1)));
}
