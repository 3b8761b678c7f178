import { defineScenario, planOf, times } from './define.ts';
import { perDelivery } from './per-delivery.ts';

export const encodings = defineScenario({
  name: 'encodings',
  summary: 'bytes and CPU of MessagePack, JSON and batches of JSON',
  takes: [...times, 'connections', 'topics', 'rate', 'burst', 'payloadBytes'],
  async run({ wish, load }) {
    const runs = [];
    for (const encoding of ['msgpack', 'json', 'json-batch'] as const) {
      const wanted = { label: encoding, connections: 100, topics: 10, rate: 50, burst: 10, payloadBytes: 64, encoding };
      runs.push(perDelivery(await load(planOf(wish, wanted))));
    }
    return runs;
  },
});
