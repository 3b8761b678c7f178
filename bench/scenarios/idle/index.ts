import type { RunReport } from '../../load/report.ts';
import { startChild } from '../../support/child.ts';
import { failedDoubts, lower, percentiles, withCrew } from '../crew.ts';
import { defineScenario } from '../define.ts';

const first = 500; // grow pools that all connections share, and are not counted

type Look = { readonly pid: number; readonly port: number; readonly sessions: number; readonly rss: number };

export const idle = defineScenario({
  name: 'idle',
  summary: '10,000 quiet connections: how soon, and what each takes',
  takes: ['connections', 'workers'],
  async run(stage) {
    const connections = stage.wish.connections ?? 10_000;
    const server = startChild('server', import.meta.url, { execArgv: ['--expose-gc'], core: 0 });
    const look = () => server.ask<Look>({});
    try {
      const { port, pid } = await look();
      const source = { kind: 'existing' } as const;
      const target = { kind: 'url', url: `ws://127.0.0.1:${port}`, pid } as const;
      const run = await withCrew(stage, { connections: first, source, target }, async () => {
        const before = await look();
        return withCrew(stage, { connections, source, target }, async ({ opened }): Promise<RunReport> => {
          const after = await look();
          const each = percentiles(opened.times);
          return {
            label: `${connections} connections`,
            figures: [
              lower('all accepted after', opened.seconds, 's'),
              { name: 'accepted a second', value: opened.opened / opened.seconds, unit: '1/s', better: 'higher' },
              lower('to connect and subscribe p99', each.p99, 'ms'),
              lower('memory of each', (after.rss - before.rss) / (after.sessions - before.sessions), 'bytes'),
              { name: 'held', value: after.sessions - before.sessions, unit: '', better: 'higher' },
            ],
            doubts: failedDoubts(connections, { connections: opened.opened, failed: opened.failed }),
          };
        });
      });
      return [run];
    } finally {
      await server.stop();
    }
  },
});
