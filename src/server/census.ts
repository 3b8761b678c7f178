/** Who is connected and how they are doing, counted in one pass over all of them. */

import type { Encoding, Step } from '../protocol/index.ts';
import type { Served } from './served.ts';

export type Census = {
  readonly encodings: Readonly<Record<Encoding, number>>;
  /** WebSocket sessions and event streams alike. */
  readonly steps: Readonly<Record<Step, number>>;
  readonly subscriptions: number;
  /** Unsent bytes of all, and of the one that has most. */
  readonly queueBytes: number;
  readonly queueBytesMax: number;
};

export function takeCensus(all: Iterable<Served>): Census {
  const encodings: Record<Encoding, number> = { msgpack: 0, json: 0, 'json-batch': 0, sse: 0 };
  const steps: Record<Step, number> = { full: 0, conflated: 0, limited: 0 };
  let [subscriptions, queueBytes, queueBytesMax] = [0, 0, 0];
  for (const served of all) {
    encodings[served.encoding]++;
    steps[served.pace.step]++;
    subscriptions += served.subscriptionCount;
    const bytes = served.bufferedBytes();
    queueBytes += bytes;
    if (bytes > queueBytesMax) queueBytesMax = bytes;
  }
  return { encodings, steps, subscriptions, queueBytes, queueBytesMax };
}
