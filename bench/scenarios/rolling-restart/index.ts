import type { Doubt, Figure, RunReport } from '../../load/report.ts';
import type { Stage } from '../../load/scenario.ts';
import { startChild } from '../../support/child.ts';
import { sum } from '../../support/statistics.ts';
import { lower, pause } from '../crew.ts';
import { defineScenario } from '../define.ts';
import type { Findings } from './audit.ts';
import type { ClientsAnswer } from './clients.ts';
import { freePort, serve } from './served.ts';

const pattern = 'bench.beat.*';
const beforeMs = 3000; // everybody has heard something
const afterMs = 3000; // so that what comes twice or not at all can show

/** One process takes over from another, under load and on one port, as an update of the program does it. */
export const rollingRestart = defineScenario({
  name: 'rolling-restart',
  summary: '1000 clients of the library move from a server that drains to the next one on its port',
  takes: ['connections'],
  run: async (stage) => [await restart(stage)],
});

async function restart({ wish, progress, signal }: Stage): Promise<RunReport> {
  const connections = wish.connections ?? 1000;
  const tell = (phase: 'starting' | 'connecting' | 'measuring', done: number) =>
    progress({ label: 'rolling restart', phase, done, connections });
  const port = await freePort();
  const clients = startChild('clients', import.meta.url, { core: 1 });
  const stops = [() => clients.stop()];
  try {
    tell('starting', 0);
    const old = await serve(port, {}, signal);
    stops.push(old.kill);
    tell('connecting', 0);
    await clients.ask({ ask: 'connect', url: `ws://127.0.0.1:${port}`, count: connections, pattern });
    await pause(beforeMs, signal);
    tell('measuring', 0);
    const next = await serve(port, {}, signal);
    stops.push(next.kill);
    const fromMs = performance.now();
    const ended = await Promise.race([old.drain(), pause(longestMs, signal).then(() => 'no answer')]);
    const seconds = (performance.now() - fromMs) / 1000;
    tell('measuring', 0.8);
    await pause(afterMs, signal);
    const { findings } = await clients.ask<ClientsAnswer>({ ask: 'findings' });
    return {
      label: `${connections} clients`,
      figures: figuresOf(findings, seconds),
      doubts: doubtsOf(findings, ended),
    };
  } finally {
    await Promise.all(stops.map((stop) => stop()));
  }
}

const longestMs = 60_000;

function figuresOf(findings: readonly Findings[], seconds: number): Figure[] {
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

function doubtsOf(findings: readonly Findings[], ended: number | string): Doubt[] {
  const silent = findings.filter(({ messages }) => messages === 0).length;
  const faults = [
    ...(ended === 0 ? [] : [`the drained server ended with ${ended}`]),
    ...(silent === 0 ? [] : [`${silent} clients heard nothing at all`]),
  ];
  return faults.map((message) => ({ kind: 'connections lost', message }));
}
