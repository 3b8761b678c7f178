import type { RunReport } from '../../load/report.ts';
import type { Stage } from '../../load/scenario.ts';
import { type Child, startChild } from '../../support/child.ts';
import { lower, percentiles, unopenedDoubts, withCrew } from '../crew.ts';
import { defineScenario } from '../define.ts';

const first = 500; // grow pools that all connections share, and are not counted

const execArgv = ['--expose-gc', '--min-semi-space-size=16']; // the young generation is as large at first as at last

type Look = { readonly pid: number; readonly port: number; readonly sessions: number; readonly rss: number };

const kinds = [
  { label: 'greeted', patterns: [] },
  { label: 'subscribed', patterns: ['bench.>'] },
] as const;

export const idle = defineScenario({
  name: 'idle',
  summary: '10,000 quiet connections: how soon, and what each takes',
  takes: ['connections', 'workers'],
  async run(stage) {
    const runs = [];
    for (const { label, patterns } of kinds) {
      stage.progress({ label, phase: 'starting', done: 0, connections: 0 });
      const server = startChild('server', import.meta.url, { execArgv, core: 0 });
      try {
        runs.push({ label, ...(await weigh(stage, server, patterns)) });
      } finally {
        await server.stop();
      }
    }
    return runs;
  },
});

async function weigh(stage: Stage, server: Child, patterns: readonly string[]): Promise<Omit<RunReport, 'label'>> {
  const look = () => server.ask<Look>({});
  const connections = stage.wish.connections ?? 10_000;
  const { port, pid } = await look();
  const wanted = {
    connections,
    patterns,
    source: { kind: 'existing' },
    target: { kind: 'url', url: `ws://127.0.0.1:${port}`, pid },
  } as const;
  return withCrew(stage, { ...wanted, connections: first }, async () => {
    const before = await look();
    return withCrew(stage, wanted, async ({ opened }) => {
      const after = await look();
      const held = after.sessions - before.sessions;
      return {
        figures: [
          lower('all accepted after', opened.seconds, 's'),
          { name: 'accepted a second', value: opened.opened / opened.seconds, unit: '1/s', better: 'higher' },
          lower('to connect p99', percentiles(opened.times).p99, 'ms'),
          lower('memory of each', (after.rss - before.rss) / held, 'bytes'),
          { name: 'held', value: held, unit: '', better: 'higher' },
        ],
        doubts: unopenedDoubts(connections, opened),
      };
    });
  });
}
