import type { RunReport } from '../load/report.ts';
import { failedDoubts, feed, stormFigures, withCrew } from './crew.ts';
import { defineScenario } from './define.ts';

export const subscribeStorm = defineScenario({
  name: 'subscribe-storm',
  summary: '5,000 connections unsubscribe, and subscribe, at once',
  takes: ['connections', 'topics', 'rate', 'payloadBytes', 'encoding', 'workers'],
  async run(stage) {
    const connections = stage.wish.connections ?? 5000;
    const source = feed(stage.wish, { topics: 20, rate: 0.1 });
    const run = await withCrew(stage, { connections, source }, async (crew): Promise<RunReport> => {
      stage.progress({ label: 'subscribe storm', phase: 'measuring', done: 0, connections });
      await crew.publish();
      const left = await crew.unsubscribe();
      const back = await crew.subscribe();
      return {
        label: `${connections} connections`,
        figures: [...stormFigures('all unsubscribed', left), ...stormFigures('all subscribed', back)],
        doubts: failedDoubts(connections, back),
      };
    });
    return [run];
  },
});
