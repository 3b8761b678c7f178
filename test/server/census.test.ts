import { expect, test } from 'vitest';
import { takeCensus } from '../../src/server/census.ts';
import type { Served } from '../../src/server/served.ts';

test('everyone is counted once, with what waits for them', () => {
  const all = [served('msgpack', 'full', 0, 3), served('json', 'conflated', 900, 1), served('sse', 'limited', 100, 1)];
  expect(takeCensus(all)).toEqual({
    encodings: { msgpack: 1, json: 1, 'json-batch': 0, sse: 1 },
    steps: { full: 1, conflated: 1, limited: 1 },
    subscriptions: 5,
    queueBytes: 1000,
    queueBytesMax: 900,
  });
});

function served(encoding: string, step: string, bytes: number, subscriptionCount: number): Served {
  return { encoding, pace: { step }, bufferedBytes: () => bytes, subscriptionCount } as unknown as Served;
}
