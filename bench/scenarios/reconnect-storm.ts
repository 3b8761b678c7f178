import type { Figure, RunReport } from '../load/report.ts';
import { failedDoubts, feed, lower, pause, stormFigures, withCrew } from './crew.ts';
import { defineScenario } from './define.ts';

const beforeMs = 2000; // of publications, so that there is something to go on from
const afterMs = 2000; // so that what comes twice or not at all can show

export const reconnectStorm = defineScenario({
  name: 'reconnect-storm',
  summary: '10,000 clients cut off at once go on where they were',
  takes: ['connections', 'topics', 'rate', 'payloadBytes', 'encoding', 'workers'],
  async run(stage) {
    const connections = stage.wish.connections ?? 10_000;
    const source = feed(stage.wish, { topics: 5, rate: 0.5, isKept: true });
    const run = await withCrew(stage, { connections, source }, async (crew): Promise<RunReport> => {
      stage.progress({ label: 'reconnect storm', phase: 'measuring', done: 0, connections });
      await crew.publish();
      await pause(beforeMs, stage.signal);
      await crew.drop();
      const joined = await crew.rejoin({ isResumed: true });
      await pause(afterMs, stage.signal);
      await crew.silence();
      const { sums } = await crew.account();
      const figures: Figure[] = [
        lower('connected at first after', crew.opened.seconds, 's'),
        ...stormFigures('all back', joined),
        { name: 'topics with all that was missed', value: joined.recovered, unit: '', better: 'higher' },
        { name: 'topics told of a gap', value: joined.gaps, unit: '', better: 'lower' },
        lower('lost', sums.lost),
        lower('duplicates', sums.duplicates),
      ];
      return { label: `${connections} connections`, figures, doubts: failedDoubts(connections, joined) };
    });
    return [run];
  },
});
