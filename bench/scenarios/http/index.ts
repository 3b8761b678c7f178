import type { Crew } from '../../load/conductor/crew.ts';
import { doubtLimits } from '../../load/conductor/doubts.ts';
import { ownUse } from '../../load/process-use.ts';
import { reasonsText } from '../../load/reasons.ts';
import type { Doubt, Figure, Progress, RunReport } from '../../load/report.ts';
import type { Stage } from '../../load/scenario.ts';
import { sum } from '../../support/statistics.ts';
import { lower, pause, percentiles, withCrew } from '../crew.ts';
import { defineScenario } from '../define.ts';
import { fire, type Hits, type Shot } from './fire.ts';
import { type Route, routes } from './routes.ts';

const subscribers = { connections: 50, topics: 10, rate: 20 } as const;
const usual = { connections: 50, rate: 2000, durationSec: 5 } as const;
const reachedShare = 0.95; // autocannon ends in the middle of a second

/** What requests cost, and what subscribers feel of them. */
export const http = defineScenario({
  name: 'http',
  summary: 'HTTP routes by autocannon, and what subscribers feel',
  takes: ['connections', 'rate', 'durationSec', 'payloadBytes', 'workers', 'encoding'],
  run(stage) {
    const payloadBytes = stage.wish.payloadBytes ?? 128;
    const { connections, topics, rate } = subscribers;
    const source = { kind: 'publishers', publishers: 1, topics, rate, burst: 10, payloadBytes } as const;
    return withCrew(stage, { connections, source, patterns: ['bench.t{n}'] }, (crew) => allRoutes(stage, crew));
  },
});

async function allRoutes({ wish, progress, signal }: Stage, crew: Crew): Promise<RunReport[]> {
  const { durationSec: seconds, connections, rate } = { ...usual, ...wish };
  const shot: Shot = { base: crew.url.replace(/^ws/, 'http').replace(/\/[^/]*$/, ''), connections, rate, seconds };
  const tell = (label: string): Progress => ({ label, phase: 'measuring', done: 0, connections });
  await crew.publish();
  progress(tell('no requests'));
  await pause(1000, signal); // code is compiled meanwhile
  const alone = await during(crew, () => pause(seconds * 1000, signal));
  const runs: RunReport[] = [{ label: 'no requests', figures: alone.felt, doubts: [] }];
  for (const route of routes) {
    progress(tell(route.label));
    const { done: hits, serverShare, ownShare, felt } = await during(crew, () => fire(route, shot, signal));
    const more = serverShare - alone.serverShare;
    const figures = route.isStream === true ? streamFigures(hits, more) : answerFigures(hits, more);
    const own = { name: 'load process CPU', value: ownShare * 100, unit: '%' } as const;
    runs.push({
      label: route.label,
      figures: [...figures, own, ...felt],
      doubts: doubtsOf(route, shot, hits, ownShare),
    });
  }
  return runs;
}

type During<T> = {
  readonly done: T;
  /** CPU of the server and of this process, of one core each. */
  readonly serverShare: number;
  readonly ownShare: number;
  /** By those who are subscribed over WebSocket. */
  readonly felt: readonly Figure[];
};

async function during<T>(crew: Crew, work: () => Promise<T>): Promise<During<T>> {
  await crew.sample();
  const server = await crew.serverCpuSec();
  const own = ownUse().cpuSec;
  const fromMs = performance.now();
  const done = await work();
  const seconds = (performance.now() - fromMs) / 1000;
  const ownShare = (ownUse().cpuSec - own) / seconds;
  const serverShare = (((await crew.serverCpuSec()) ?? 0) - (server ?? 0)) / seconds; // an own server's is always known
  const { p50, p99 } = percentiles((await crew.sample()).latency);
  const felt = [lower('subscribers p50', p50, 'ms'), lower('subscribers p99', p99, 'ms')];
  return { done, serverShare, ownShare, felt };
}

function answerFigures({ answered, seconds, ms }: Hits, serverShare: number): Figure[] {
  return [
    { name: 'answers a second', value: answered / seconds, unit: '1/s', better: 'higher' },
    ...(ms === undefined ? [] : [lower('answer p50', ms.p50, 'ms'), lower('answer p99', ms.p99, 'ms')]),
    ...(answered === 0 ? [] : [lower('server CPU per answer', (serverShare * seconds * 1e6) / answered, 'us')]),
  ];
}

function streamFigures({ streamed, seconds }: Hits, serverShare: number): Figure[] {
  const bytes = sum(streamed, (one) => one);
  return [
    { name: 'streams', value: streamed.length, unit: '' },
    { name: 'streamed a second', value: bytes / seconds, unit: 'bytes' },
    { name: 'least of a stream, to the most', value: Math.min(...streamed) / Math.max(1, ...streamed), unit: 'times' },
    lower('server CPU', serverShare * 100, '%'),
  ];
}

function doubtsOf({ isStream }: Route, { rate }: Shot, hits: Hits, busy: number): Doubt[] {
  const doubts: Doubt[] = [];
  const percent = `${Math.round(busy * 100)} %`;
  if (busy > doubtLimits.fullShare) {
    const message = `autocannon used ${percent} of its core: answers came as fast as it asked; use a lower --rate`;
    doubts.push({ kind: 'generator busy', message });
  }
  const failed = reasonsText(hits.failed);
  if (failed !== '') doubts.push({ kind: 'connections lost', message: `requests failed: ${failed}` });
  const perSec = hits.answered / hits.seconds;
  if (isStream !== true && perSec < rate * reachedShare) {
    const message = `${Math.round(perSec)} answers a second came, ${rate} were asked for; use a lower --rate, or more --connections`;
    doubts.push({ kind: 'rate not reached', message });
  }
  return doubts;
}
