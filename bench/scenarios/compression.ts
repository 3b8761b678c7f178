import type { OwnServer } from '../load/plan.ts';
import type { RunReport } from '../load/report.ts';
import { defineScenario, planOf, times } from './define.ts';
import { perDelivery, timesOf } from './per-delivery.ts';

const sizes = [256, 8192] as const;

export const compression = defineScenario({
  name: 'compression',
  summary: 'what is saved, and at what price, at 256 bytes and 8 KiB',
  takes: [...times, 'connections', 'topics', 'rate', 'burst', 'encoding'],
  async run({ wish, load }) {
    const runs: RunReport[] = [];
    for (const payloadBytes of sizes) {
      const run = async (label: string, server: OwnServer) =>
        perDelivery(
          await load(
            planOf(wish, { label, connections: 50, topics: 10, rate: 10, durationSec: 10, payloadBytes, server }),
          ),
        );
      const plain = await run(`${payloadBytes} bytes`, {});
      const compressed = await run(`${payloadBytes} bytes, compressed`, { compressFromBytes: 64 });
      const figures = timesOf(plain, compressed, ['payload per delivery', 'server CPU per delivery']);
      runs.push(plain, { ...compressed, figures: [...compressed.figures, ...figures] });
    }
    return runs;
  },
});
