import { expect, test } from 'vitest';
import { requestFrames, resuming } from '../../src/client/subscribe-frames.ts';
import {
  decodeClientFrame,
  encodeClientFrame,
  type Position,
  type SubscriptionRequest,
} from '../../src/protocol/index.ts';

const longTopic = (i: number) => `${'long'.repeat(48)}.${i}`;
const positions = (count: number, topic = longTopic) =>
  Array.from({ length: count }, (_, i): [string, Position] => [topic(i), ['an epoch of its own', 1e9 + i]]);

test('a request goes on from as many positions as a frame has room for, the first ones first', () => {
  const whole = {
    sid: 1,
    pattern: '>',
    fields: Array.from({ length: 120 }, (_, i) => `field ${i} ${'x'.repeat(200)}`),
  };
  for (const request of [{ sid: 1, pattern: '>' }, whole]) {
    for (const topic of [longTopic, (i: number) => `t.${i}`]) {
      const asked = resuming(request, positions(2000, topic));
      const listed = Object.keys((asked.since as { positions: object }).positions);
      expect(listed.length).toBeGreaterThan(100);
      expect(listed.length).toBeLessThanOrEqual(700);
      expect(listed).toEqual(Array.from({ length: listed.length }, (_, i) => topic(i)));
      expect(read([asked])).toEqual([asked]);
    }
  }
});

test('however many ask to go on, every frame is one that a server takes', () => {
  const requests = Array.from({ length: 300 }, (_, sid) => resuming({ sid, pattern: 'a.*' }, positions(sid * 5)));
  const frames = [...requestFrames(requests)];
  expect(frames.flat()).toEqual(requests);
  for (const frame of frames) {
    expect(encodeClientFrame({ op: 'subscribe', id: 1, subscriptions: frame }).length).toBeLessThan(62_000);
    read(frame); // throws for what a server does not take
  }
  expect([...requestFrames([])]).toEqual([]);
});

test('topics that share their name with a part of every object are begun anew instead', () => {
  const asked = resuming({ sid: 1, pattern: '*' }, [
    ['constructor', ['e', 1]],
    ['__proto__', ['e', 1]],
    ['toString', ['e', 1]],
  ]);
  expect(read([asked])).toEqual([{ sid: 1, pattern: '*', since: { positions: { toString: ['e', 1] } } }]);
});

/** As a server reads it, by its own rules. */
function read(subscriptions: readonly SubscriptionRequest[]): readonly SubscriptionRequest[] {
  const frame = decodeClientFrame(encodeClientFrame({ op: 'subscribe', id: 1, subscriptions }), 'msgpack');
  if (frame.op !== 'subscribe') throw new Error(`it reads as ${frame.op}`);
  return frame.subscriptions;
}
