import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { doubtLimits } from '../../load/conductor/doubts.ts';
import { evenShares } from '../../load/conductor/load-processes.ts';
import type { Doubt, Figure, RunReport } from '../../load/report.ts';
import type { Stage } from '../../load/scenario.ts';
import { startChild } from '../../support/child.ts';
import { freePort } from '../../support/free-port.ts';
import { serve } from '../../support/served.ts';
import { sum } from '../../support/statistics.ts';
import { lower, pause } from '../crew.ts';
import { defineScenario } from '../define.ts';
import type { Findings } from './audit.ts';
import type { ClientsAnswer } from './clients.ts';

const feed = fileURLToPath(new URL(`./feed${extname(import.meta.url)}`, import.meta.url));
const configOf = (port: number) => ({ server: { port, sharePort: true }, feeds: [{ use: feed }] });

const pattern = 'bench.beat.*';
const beforeMs = 3000; // everybody has heard something
const afterMs = 3000; // so that what comes twice or not at all can show

/** One process takes over from another, under load and on one port, as an update of the program does it. */
export const rollingRestart = defineScenario({
  name: 'rolling-restart',
  summary: '1000 clients move from a server that drains to the next one',
  takes: ['connections'],
  run: async (stage) => [await restart(stage)],
});

async function restart({ wish, progress, signal }: Stage): Promise<RunReport> {
  const connections = wish.connections ?? 1000;
  const tell = (phase: 'starting' | 'connecting' | 'measuring', done: number) =>
    progress({ label: 'rolling restart', phase, done, connections });
  const port = await freePort();
  const clients = new Clients();
  const stops = [() => clients.stop()];
  try {
    tell('starting', 0);
    const old = await serve(configOf(port), signal);
    stops.push(old.kill);
    tell('connecting', 0);
    await clients.connect(`ws://127.0.0.1:${port}`, connections);
    await pause(beforeMs, signal);
    tell('measuring', 0);
    const next = await serve(configOf(port), signal);
    stops.push(next.kill);
    const before = await clients.look();
    const fromMs = performance.now();
    const ended = await Promise.race([old.drain(), pause(longestMs, signal).then(() => 'no answer')]);
    const seconds = (performance.now() - fromMs) / 1000;
    const meanwhile = await clients.look();
    const busy = Math.max(...meanwhile.cpuSec.map((cpuSec, i) => (cpuSec - (before.cpuSec[i] ?? 0)) / seconds));
    tell('measuring', 0.8);
    await pause(afterMs, signal);
    const { findings } = await clients.look();
    return {
      label: `${connections} clients`,
      figures: figuresOf(findings, seconds, busy),
      doubts: doubtsOf(findings, ended, busy),
    };
  } finally {
    await Promise.all(stops.map((stop) => stop()));
  }
}

const longestMs = 60_000;

/** In two processes, for one would need all of its core. */
class Clients {
  readonly #children = Array.from({ length: 2 }, () => startChild('clients', import.meta.url));

  async connect(url: string, connections: number): Promise<void> {
    const shares = evenShares(connections, this.#children.length);
    await Promise.all(
      this.#children.map((child, i) => child.ask({ ask: 'connect', url, count: shares[i] ?? 0, pattern })),
    );
  }

  /** `cpuSec`: of each process. */
  async look(): Promise<{ findings: readonly Findings[]; cpuSec: readonly number[] }> {
    const answers = await Promise.all(this.#children.map((child) => child.ask<ClientsAnswer>({ ask: 'findings' })));
    return { findings: answers.flatMap(({ findings }) => findings), cpuSec: answers.map(({ cpuSec }) => cpuSec) };
  }

  async stop(): Promise<void> {
    await Promise.all(this.#children.map((child) => child.stop()));
  }
}

function figuresOf(findings: readonly Findings[], seconds: number, busy: number): Figure[] {
  const moved = findings.flatMap(({ movedAt }) => movedAt ?? []);
  return [
    lower(
      'unannounced gaps',
      sum(findings, (one) => one.unannounced),
    ),
    lower(
      'new lives without a word',
      sum(findings, (one) => one.unannouncedLives),
    ),
    lower(
      'duplicates',
      sum(findings, (one) => one.duplicates),
    ),
    lower('longest silence of a client', Math.max(0, ...findings.map(({ silenceMs }) => silenceMs)), 'ms'),
    lower('moved in one second, at most', mostInASecond(moved), ''),
    { name: 'moved', value: moved.length, unit: '', better: 'higher' },
    lower('without a connection meanwhile', findings.filter(({ cutOff }) => cutOff > 0).length),
    lower('drained after', seconds, 's'),
    { name: 'CPU of the busier process of clients', value: busy * 100, unit: '%' },
    { name: 'messages', value: sum(findings, ({ messages }) => messages), unit: '' },
    { name: 'told of a new life', value: sum(findings, ({ lives }) => lives), unit: '' },
  ];
}

/** In any second, wherever it begins. */
function mostInASecond(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  let [most, first] = [0, 0];
  for (const [i, time] of sorted.entries()) {
    while ((sorted[first] ?? time) <= time - 1000) first++;
    most = Math.max(most, i - first + 1);
  }
  return most;
}

function doubtsOf(findings: readonly Findings[], ended: number | string, busy: number): Doubt[] {
  const silent = findings.filter(({ messages }) => messages === 0).length;
  const lost = [
    ...(ended === 0 ? [] : [`the drained server ended with ${ended}`]),
    ...(silent === 0 ? [] : [`${silent} clients heard nothing at all`]),
  ];
  const doubts: Doubt[] = lost.map((message) => ({ kind: 'connections lost', message }));
  if (busy <= doubtLimits.fullShare) return doubts;
  const message = `the busier process of clients used ${Math.round(busy * 100)} % of its core: use fewer --connections`;
  return [...doubts, { kind: 'generator busy', message }];
}
