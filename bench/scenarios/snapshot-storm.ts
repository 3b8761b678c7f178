import type { RunReport } from '../load/report.ts';
import { failedDoubts, feed, pause, stormFigures, withCrew } from './crew.ts';
import { defineScenario } from './define.ts';

const topics = 500;

export const snapshotStorm = defineScenario({
  name: 'snapshot-storm',
  summary: `200 connections ask for ${topics} topics' snapshots at once`,
  takes: ['connections', 'topics', 'payloadBytes', 'encoding', 'workers'],
  async run(stage) {
    const connections = stage.wish.connections ?? 200;
    const source = feed(stage.wish, { topics: stage.wish.topics ?? topics, rate: 1 });
    const run = await withCrew(stage, { connections, source }, async (crew): Promise<RunReport> => {
      stage.progress({ label: 'snapshot storm', phase: 'measuring', done: 0, connections });
      await crew.publish();
      await pause(1500, stage.signal); // each topic then has a value
      await crew.silence();
      await crew.sample();
      const done = await crew.snapshots();
      const { bytes } = await crew.sample();
      const snapshots = done.connections * (stage.wish.topics ?? topics);
      const perSec = {
        name: 'snapshots a second',
        value: snapshots / done.seconds,
        unit: '1/s',
        better: 'higher',
      } as const;
      return {
        label: `${connections} × ${stage.wish.topics ?? topics}`,
        figures: [...stormFigures('all served', done), perSec, { name: 'payload', value: bytes, unit: 'bytes' }],
        doubts: failedDoubts(connections, done),
      };
    });
    return [run];
  },
});
