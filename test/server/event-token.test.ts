import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TopicState } from '../../src/bus/topic-state.ts';
import type { TopicKind } from '../../src/protocol/index.ts';
import { maxEventTopics, positionsAt, readToken, writeToken } from '../../src/server/event-token.ts';

test('what is written is read again, in whichever order the topics came', () => {
  const pair = fc.tuple(fc.nat(1_000_000), fc.nat(Number.MAX_SAFE_INTEGER));
  const pairs = fc.uniqueArray(pair, { maxLength: maxEventTopics, selector: ([tid]) => tid });
  fc.assert(
    fc.property(fc.nat(Number.MAX_SAFE_INTEGER), pairs, fc.boolean(), (ordinal, seqs, isWhole) => {
      const token = writeToken('dGS-Mwx_', ordinal, seqs, isWhole);
      expect(readToken(token)).toEqual({ epoch: 'dGS-Mwx_', ordinal, seqs: new Map(seqs), isWhole });
    }),
  );
});

test('a token has room for as many topics as it may, and says when there are more', () => {
  const seqs = Array.from({ length: maxEventTopics + 1 }, (_, i) => [1000 + 37 * i, 4_000_000_000 + i] as const);
  const token = writeToken('dGS-Mwx_', Number.MAX_SAFE_INTEGER, seqs);
  expect(token.length).toBeLessThan(3 * 1024);
  const read = readToken(token);
  expect(read?.isWhole).toBe(false);
  expect(read?.seqs.size).toBe(maxEventTopics);
  expect(readToken(writeToken('dGS-Mwx_', 1, seqs.slice(1)))?.isWhole).toBe(true);
});

test.each([
  '',
  'abc',
  '.1',
  'abc.',
  'abc.1;',
  'abc.1;2',
  'abc.1;2:3;+;4:5',
  'abc.1;-2:3',
  'ab c.1',
  `abc.1${';1:1'.repeat(201)}`,
])('%j is no token', (text) => {
  expect(readToken(text)).toBeUndefined();
});

test('a token of this hub says where each topic was', () => {
  const topics = [
    topic(1, 'quiet', 'latest', 5, 90),
    topic(2, 'busy', 'keyed', 7, 101),
    topic(3, 'events', 'event', 9, 120),
    topic(4, 'born', 'event', 2, 130),
    topic(5, 'toString', 'ephemeral', 1, 80),
  ];
  const token = { epoch: 'hub', ordinal: 100, seqs: new Map([[3, 6]]), isWhole: true };
  const positions = positionsAt(token, 'hub', topics);
  expect(Object.keys(positions)).toEqual(['quiet', 'busy', 'events', 'toString']);
  expect(positions).toMatchObject({ quiet: ['e1', 5], events: ['e3', 6], toString: ['e5', 1] });
  expect(positions.busy?.[1]).toBeLessThan(7);
});

test('of an event topic that a full token left out only silence can be known', () => {
  const token = { epoch: 'hub', ordinal: 100, seqs: new Map(), isWhole: false };
  const positions = positionsAt(token, 'hub', [topic(1, 'silent', 'event', 5, 90), topic(2, 'busy', 'event', 7, 101)]);
  expect(positions.silent).toEqual(['e1', 5]);
  expect(positions.busy?.[1]).toBeGreaterThan(7);
});

test.each([[undefined], [{ epoch: 'other', ordinal: 100, seqs: new Map([[1, 3]]), isWhole: true }]])(
  'with %j nobody knows where a topic was',
  (token) => {
    const [position] = Object.values(positionsAt(token, 'hub', [topic(1, 'a', 'event', 5, 90)]));
    expect(position?.[0]).not.toBe('e1');
  },
);

function topic(tid: number, name: string, kind: TopicKind, seq: number, ordinal: number): TopicState {
  const state = new TopicState({ tid, name, epoch: `e${tid}`, kind, schema: { id: 1, fields: [] } });
  state.seq = seq;
  state.ordinal = ordinal;
  return state;
}
