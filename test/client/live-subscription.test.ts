import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Message, TickwireError } from '../../src/client/index.ts';
import { type ServerFrame, stateChecksum } from '../../src/protocol/index.ts';
import { Lab } from './lab.ts';

let lab: Lab;
beforeEach(async () => {
  lab = await Lab.open();
});
afterEach(() => lab.close());

test('what is wished goes on the wire, and ready tells what is granted', async () => {
  const wishes = { maxRate: 5, fields: ['bid'], filter: 'bid > 3', delta: true, since: { last: 10 } };
  const subscription = lab.client.subscribe('m.*.quote', () => {}, { ...wishes, snapshot: false });
  await lab.greeted();
  const { subscriptions } = await lab.joined({ topics: 0, stream: 7, rate: 4 });
  expect(subscriptions).toEqual([{ sid: 1, pattern: 'm.*.quote', ...wishes }]); // changes need a state to go on from
  expect(await subscription.ready).toEqual({ topics: 0, maxRate: 4 });
});

test.each([
  ['a rate of 0', { maxRate: 0 }, 'options.maxRate', '0'],
  ['a rate that is no number', { maxRate: Number.NaN }, 'options.maxRate', 'NaN'],
  ['a huge rate', { maxRate: 1e9 }, 'options.maxRate', '1000000000'],
  ['no fields', { fields: [] }, 'options.fields', '[]'],
  [
    'fields beyond a frame',
    { fields: Array.from({ length: 200 }, (_, i) => `${i + 'x'.repeat(246)}`) },
    'fields',
    '49',
  ],
  ['an empty filter', { filter: '' }, 'options.filter', '""'],
  ['a filter of a million characters', { filter: 'x'.repeat(1_000_000) }, 'options.filter', 'xxx'],
  ['the last 0', { since: { last: 0 } }, 'options.since.last', '0'],
  ['two beginnings', { since: { last: 1, ts: 1 } }, 'options.since', 'last'],
  ['time running backwards', { verifyEveryMs: -1 }, 'options.verifyEveryMs', '-1'],
] as const)('%s is refused on the spot, by name and value', (_, options, name, value) => {
  const refused = thrownBy(() => lab.client.subscribe('a.b', options as object));
  expect(refused).toMatchObject({ name: 'TickwireError', reason: 'badRequest' });
  expect(refused.message).toContain(name);
  expect(refused.message).toContain(value);
});

test('the same topic in two views: each gets exactly its own', async () => {
  const heard = { whole: [] as unknown[], bids: [] as unknown[] };
  lab.client.subscribe('m.A', (message) => heard.whole.push(dataOf(message)));
  lab.client.subscribe('m.A', (message) => heard.bids.push(dataOf(message)), { fields: ['bid'] });
  await lab.greeted();
  const { id } = await lab.connection.next('subscribe');
  await lab.said(
    { op: 'subscribed', id, sid: 1, topics: 1, stream: 0, rate: 0 },
    ...quotes(5),
    snapshot(5, 7, [1, 2]),
    { op: 'subscribed', id, sid: 2, topics: 1, stream: 3, rate: 0 },
    { op: 'schema', schema: 4, fields: [{ name: 'bid', type: 'int' }] },
    { op: 'topic', tid: -1, name: 'm.A', epoch: 'e1', schema: 4, kind: 'latest', stream: 3 },
    snapshot(-1, 7, [1]),
    data(5, 8, [2, 2]),
    data(-1, 8, [2]),
  );
  expect(heard).toEqual({
    whole: [
      { bid: 1, ask: 2 },
      { bid: 2, ask: 2 },
    ],
    bids: [{ bid: 1 }, { bid: 2 }],
  });
});

test('two subscriptions of one view share its frames, whoever comes later', async () => {
  const heard = { first: [] as number[], second: [] as number[] };
  lab.client.subscribe('m.A', ({ seq }) => heard.first.push(seq), { maxRate: 2 });
  await lab.greeted();
  await lab.joined({ stream: 3, rate: 2 }, ...quotes(-1, 3), snapshot(-1, 7, [1, 2]));
  lab.client.subscribe('m.A', ({ seq }) => heard.second.push(seq), { maxRate: 2 });
  await lab.joined({ stream: 3, rate: 2 }, ...quotes(-1, 3), snapshot(-1, 7, [1, 2]));
  await lab.said(data(-1, 8, [2, 2]));
  expect(heard).toEqual({ first: [7, 8], second: [7, 8] });
});

test('changes come as whole values, and the latest and all rows can be looked at', async () => {
  const heard: unknown[] = [];
  const subscription = lab.client.subscribe('m.>', (message) => heard.push(dataOf(message)), { delta: true });
  await lab.greeted();
  await lab.joined(
    { topics: 2, stream: 3 },
    ...quotes(-1, 3),
    snapshot(-1, 7, [1, 2]),
    { op: 'topic', tid: -2, name: 'm.book', epoch: 'e1', schema: 3, kind: 'keyed', stream: 3 },
    rows(-2, 4, ['a', 1, 2], ['b', 3, 4]),
    { op: 'patch', tid: -1, seq: 8, ts: 0, base: 7, changes: [1, 9] },
    { op: 'patch', tid: -2, seq: 5, ts: 0, base: 4, changes: [0, 5], key: 'b' },
    { op: 'remove', tid: -2, seq: 6, ts: 0, key: 'a' },
  );
  await subscription.ready;
  await lab.said();
  expect(heard.slice(-3)).toEqual([{ bid: 1, ask: 9 }, { bid: 5, ask: 4 }, undefined]);
  expect(subscription.get('m.A')).toEqual({ bid: 1, ask: 9 });
  expect([...subscription.rows('m.book')]).toEqual([['b', { bid: 5, ask: 4 }]]);
  expect([subscription.get('m.book'), subscription.get('m.none'), subscription.rows('m.A').size]).toEqual([
    undefined,
    undefined,
    0,
  ]);
});

test.each([
  ['whose base was lost', [mark(-1, 8, 8, 0, 'filter')], { changes: [1, 9], seq: 10, base: 9 }],
  ['that is malformed', [], { changes: [99_999_999, 9], seq: 8, base: 7 }],
  ['of a row that is not held', [], { changes: [0, 1], seq: 8, base: 7, key: 'z' }],
] as const)('a change %s has that topic sent anew, and nothing else', async (_, before, patch) => {
  const heard: unknown[] = [];
  const subscription = lab.client.subscribe('m.A', (message) => heard.push(dataOf(message)), { delta: true });
  await lab.greeted();
  await lab.joined({ stream: 3 }, ...quotes(-1, 3), snapshot(-1, 7, [1, 2]), ...before);
  lab.say({ op: 'patch', tid: -1, ts: 0, ...patch });
  const { id, ...verify } = await lab.connection.next('verify');
  expect(verify).toEqual({ op: 'verify', sid: 1, topic: 'm.A', want: 'snapshot' });
  expect([heard.length, subscription.stateOf('m.A')]).toEqual([1, 'recovering']);
  await lab.said(snapshot(-1, 11, [5, 6]), { op: 'ok', id, result: {} }, data(-1, 12, [7, 8]));
  expect(heard).toEqual([
    { bid: 1, ask: 2 },
    { bid: 5, ask: 6 },
    { bid: 7, ask: 8 },
  ]);
  expect([subscription.repairs, subscription.stateOf('m.A')]).toEqual([1, 'live']);
  expect(lab.heard('repaired')).toEqual([{ topic: 'm.A', pattern: 'm.A' }]);
  const { published, delivered, conflated, filtered, missed } = subscription.ledger('m.A');
  expect(published).toBe(5);
  expect(delivered + conflated + filtered + missed).toBe(5);
});

test('what is skipped is told, counted on the next message, and in the ledger; what came with a copy is not', async () => {
  const heard: Message[] = [];
  const subscription = lab.client.subscribe('m.A', (message) => heard.push(message));
  await lab.greeted();
  await lab.joined({}, ...quotes(5), snapshot(5, 7, [1, 2]), data(5, 8, [1, 2]));
  await lab.said(
    mark(5, 7, 12, 3, 'slow'), // 7 and 8 are known: 9 to 12 are new
    mark(5, 13, 14, 2, 'filter'),
    data(5, 15, [3, 4]),
    data(5, 16, [5, 6]),
  );
  expect(heard.map(({ seq, conflated }) => [seq, conflated])).toEqual([
    [7, undefined],
    [8, undefined],
    [15, 3],
    [16, undefined],
  ]);
  const common = { topic: 'm.A', pattern: 'm.A', ageMs: 40 };
  expect(lab.heard('skipped')).toEqual([
    { ...common, from: 9, to: 12, count: 3, reason: 'slow' },
    { ...common, from: 13, to: 14, count: 2, reason: 'filter' },
  ]);
  const sums = { published: 9, delivered: 3, conflated: 3, filtered: 3, missed: 0 };
  expect(subscription.ledger('m.A')).toEqual(sums);
  expect(subscription.ledger()).toEqual(sums);
  expect(subscription.ledger('m.none').published).toBe(0);
});

test('a hole that nobody announced is a gap of events, and has a state sent anew', async () => {
  const subscription = lab.client.subscribe('m.>', () => {});
  await lab.greeted();
  await lab.joined({ topics: 2 }, ...quotes(5), snapshot(5, 7, [1, 2]), ...events(6), position(6, 3));
  lab.say(data(6, 6, [1, 2]), { op: 'gap', tid: 6, from: 7, to: 9, reason: 'history' });
  await lab.said();
  const common = { topic: 'trades', pattern: 'm.>', epoch: 'e1', isNewEpoch: false };
  expect(lab.heard('gap')).toEqual([
    { ...common, topic: 'm.T', fromSeq: 4, toSeq: 5 },
    { ...common, topic: 'm.T', fromSeq: 7, toSeq: 9, reason: 'history' },
  ]);
  lab.say(data(5, 10, [3, 4]));
  const { id } = await lab.connection.next('verify');
  await lab.said(snapshot(5, 10, [3, 4]), { op: 'ok', id, result: {} });
  expect(subscription.ledger('m.A')).toMatchObject({ published: 3, delivered: 1, missed: 2 });
  expect([subscription.repairs, subscription.get('m.A')]).toEqual([1, { bid: 3, ask: 4 }]);
});

test('a change tells what is granted, shows the topic in the new view, and outlives connections', async () => {
  const heard: unknown[] = [];
  const subscription = lab.client.subscribe('m.A', (message) => heard.push([message.seq, dataOf(message)]));
  await lab.greeted();
  await lab.joined({}, ...quotes(5), snapshot(5, 7, [1, 2]));
  const granted = subscription.change({ fields: ['ask'], maxRate: 0.5 });
  const { id, sid, change } = await lab.connection.next('change');
  expect(change).toEqual({ fields: ['ask'], maxRate: 0.5 });
  await lab.said(
    data(5, 8, [3, 2]),
    { op: 'subscribed', id, sid, topics: 1, stream: 9, rate: 0.5 },
    data(5, 9, [99, 99]), // of the old view, on its way still
    { op: 'schema', schema: 4, fields: [{ name: 'ask', type: 'int' }] },
    { op: 'topic', tid: -1, name: 'm.A', epoch: 'e1', schema: 4, kind: 'latest', stream: 9 },
  );
  expect([subscription.get('m.A'), subscription.state, subscription.stateOf('m.A')]).toEqual([
    { ask: 2 },
    'live',
    'recovering',
  ]);
  await lab.said(snapshot(-1, 8, [2]), data(-1, 9, [4]));
  expect(await granted).toEqual({ maxRate: 0.5 });
  expect(heard).toEqual([
    [7, { bid: 1, ask: 2 }],
    [8, { bid: 3, ask: 2 }],
    [8, { ask: 2 }],
    [9, { ask: 4 }],
  ]);
  expect(subscription.ledger()).toMatchObject({ published: 2, delivered: 2 });
  const again = await lab.reconnected();
  expect((await again.next('subscribe')).subscriptions).toEqual([
    { sid, pattern: 'm.A', fields: ['ask'], maxRate: 0.5, since: { positions: { 'm.A': ['e1', 9] } } },
  ]);
});

test('a change that is refused rejects, and all is as it was', async () => {
  const subscription = lab.client.subscribe('m.A', () => {});
  await lab.greeted();
  await lab.joined({}, ...quotes(5), snapshot(5, 7, [1, 2]));
  const refused = subscription.change({ filter: 'nonsense >' });
  const { id, sid } = await lab.connection.next('change');
  lab.say({ op: 'error', id, code: 118, retryable: false, message: 'filter ends at 10', sid });
  await expect(refused).rejects.toMatchObject({ reason: 'badFilter', code: 118, pattern: 'm.A' });
  expect(lab.heard('error')).toEqual([]);
  await expect(subscription.change({ maxRate: -1 })).rejects.toThrow('change.maxRate');
  await expect(subscription.change({})).rejects.toThrow('change must be');
  await lab.said(data(5, 8, [3, 4]));
  expect(subscription.get('m.A')).toEqual({ bid: 3, ask: 4 });
  const again = await lab.reconnected();
  expect((await again.next('subscribe')).subscriptions[0]).not.toHaveProperty('filter');
  const waiting = subscription.change({ maxRate: 1 });
  subscription.unsubscribe();
  await expect(waiting).rejects.toMatchObject({ reason: 'closed' });
  await expect(subscription.change({ maxRate: 1 })).rejects.toMatchObject({ reason: 'closed' });
});

test('paused, copies meant for others are not taken; it goes on without a gap, and stays paused over connections', async () => {
  const heard = { paused: [] as number[], other: [] as number[] };
  const subscription = lab.client.subscribe('m.A', ({ seq }) => heard.paused.push(seq));
  lab.client.subscribe('m.*', ({ seq }) => heard.other.push(seq));
  const pausing = subscription.pause(); // before anything was asked for: it follows
  await lab.greeted();
  const { id } = await lab.connection.next('subscribe');
  const pause = await lab.connection.next('change');
  expect(pause.change).toEqual({ paused: true });
  const served = { topics: 1, stream: 0, rate: 0 };
  lab.say(
    { op: 'subscribed', id, sid: 1, ...served },
    ...quotes(5),
    snapshot(5, 7, [1, 2]),
    { op: 'subscribed', id, sid: 2, ...served },
    snapshot(5, 7, [1, 2]),
    { op: 'subscribed', id: pause.id, sid: 1, ...served, topics: 0 },
    data(5, 8, [1, 2]),
    data(5, 9, [1, 2]),
  );
  expect(await pausing).toEqual({ maxRate: 0 });
  const resuming = subscription.resume();
  const resume = await lab.connection.next('change');
  await lab.said(
    { op: 'subscribed', id: resume.id, sid: 1, ...served, topics: 0 },
    mark(5, 8, 8, 1, 'paused'),
    data(5, 9, [1, 2]),
    data(5, 10, [1, 2]),
  );
  await resuming;
  expect(heard).toEqual({ paused: [7, 9, 10], other: [7, 8, 9, 10] });
  expect(lab.heard('skipped', 'gap', 'repaired')).toMatchObject([['skipped', { pattern: 'm.A', reason: 'paused' }]]);
  void subscription.pause();
  const once = await lab.connection.next('change');
  await lab.said({ op: 'subscribed', id: once.id, sid: 1, ...served, topics: 0 });
  const again = await lab.reconnected();
  await again.next('subscribe');
  expect(await again.next('change')).toMatchObject({ sid: 1, change: { paused: true } });
});

test('ready waits for all topics, however late and mixed their snapshots come', async () => {
  const first = lab.client.subscribe('m.A', () => {});
  const second = lab.client.subscribe('m.>', () => {});
  await lab.greeted();
  const { id } = await lab.connection.next('subscribe');
  let isReady = false;
  void second.ready.then(() => {
    isReady = true;
  });
  await lab.said(
    { op: 'subscribed', id, sid: 1, topics: 1, stream: 0, rate: 0 },
    { op: 'subscribed', id, sid: 2, topics: 2, stream: 0, rate: 0 },
    ...quotes(5),
    snapshot(5, 7, [1, 2]),
    data(5, 8, [1, 2]),
    ...events(6),
    position(6, 3),
  );
  await first.ready;
  expect([isReady, second.state, first.state]).toEqual([false, 'recovering', 'live']);
  await lab.said(snapshot(5, 8, [1, 2]));
  expect(await second.ready).toEqual({ topics: 2, maxRate: 0 });
  expect(second.state).toBe('live');
});

test('after a reconnect it goes on from its positions, and what was missed comes once and in order', async () => {
  const heard: number[] = [];
  const subscription = lab.client.subscribe('m.>', ({ seq, kind }) => kind === 'event' && heard.push(seq), {
    since: { last: 2 },
  });
  await lab.greeted();
  const asked = await lab.joined({ topics: 2 }, ...quotes(5), snapshot(5, 7, [1, 2]), ...events(6), position(6, 1));
  expect(asked.subscriptions[0]!.since).toEqual({ last: 2 });
  await lab.said(data(6, 2, [0, 0]), data(6, 3, [0, 0]));
  lab.heard();
  await lab.reconnected();
  const { subscriptions } = await lab.joined(
    { topics: 2 },
    ...quotes(7),
    { ...position(7, 7), recovered: true },
    ...events(8),
    { ...position(8, 3), recovered: true },
    data(8, 4, [0, 0]),
    data(8, 5, [0, 0]),
  );
  const { positions } = subscriptions[0]!.since as { positions: object };
  expect(Object.entries(positions)).toEqual([
    ['m.T', ['e1', 3]], // events first: of those there may be too many to list
    ['m.A', ['e1', 7]],
  ]);
  await lab.said(data(8, 6, [0, 0]));
  expect(heard).toEqual([2, 3, 4, 5, 6]);
  expect(subscription.get('m.A')).toEqual({ bid: 1, ask: 2 });
  expect(lab.heard('gap', 'recovered', 'epoch')).toEqual([
    ['recovered', { pattern: 'm.>', topics: 2, recovered: 2, notRecovered: 0 }],
  ]);
  expect(subscription.ledger('m.T')).toEqual({ published: 5, delivered: 5, conflated: 0, filtered: 0, missed: 0 });
});

test('what cannot be recovered is told: the range of events, the present of states, the new life of each topic', async () => {
  const subscription = lab.client.subscribe('m.>', () => {});
  await lab.greeted();
  await lab.joined({ topics: 2 }, ...quotes(5), snapshot(5, 7, [1, 2]), ...events(6), position(6, 3));
  await lab.said();
  lab.heard();
  await lab.reconnected();
  await lab.joined(
    { topics: 2 },
    ...quotes(5),
    { ...snapshot(5, 9, [3, 4]), recovered: false, code: 116 },
    ...events(6),
    { ...position(6, 3), recovered: false, code: 116 },
    { op: 'gap', tid: 6, from: 4, to: 8, reason: 'history' },
    data(6, 9, [0, 0]),
  );
  await lab.said();
  const pattern = 'm.>';
  const lost = { topic: 'm.T', pattern, epoch: 'e1', fromSeq: 4, toSeq: 8, isNewEpoch: false, reason: 'history' };
  expect(lab.heard('gap', 'recovered', 'epoch')).toEqual([
    ['recovered', { pattern, topics: 2, recovered: 0, notRecovered: 2 }],
    ['gap', lost],
  ]);
  expect(subscription.ledger('m.T')).toMatchObject({ published: 6, delivered: 1, missed: 5 });
  expect(subscription.ledger('m.A')).toMatchObject({ published: 2, conflated: 2 });
  await lab.reconnected();
  const reborn = (frames: readonly ServerFrame[]) => frames.map((frame) => ({ ...frame, epoch: 'e2' }));
  await lab.joined(
    { topics: 2 },
    ...reborn(quotes(5)),
    { ...snapshot(5, 1, [5, 6]), recovered: false, code: 110 },
    ...reborn(events(6)),
    { ...position(6, 0), recovered: false, code: 110 },
    data(6, 1, [0, 0]),
  );
  await lab.said();
  expect(lab.heard('gap', 'recovered', 'epoch')).toEqual([
    ['epoch', { topic: 'm.A', pattern, before: 'e1', after: 'e2' }],
    ['epoch', { topic: 'm.T', pattern, before: 'e1', after: 'e2' }],
    ['gap', { topic: 'm.T', pattern, epoch: 'e2', fromSeq: 1, toSeq: 0, isNewEpoch: true }],
    ['recovered', { pattern, topics: 2, recovered: 0, notRecovered: 2 }],
  ]);
  expect(subscription.ledger('m.T')).toMatchObject({ published: 7, delivered: 2, missed: 5 });
});

test('a state is only gone on from where it is known to be whole', async () => {
  lab.client.subscribe('m.>', () => {});
  await lab.greeted();
  await lab.joined({ topics: 2 }, ...quotes(5), snapshot(5, 7, [1, 2]), ...events(6), position(6, 3));
  await lab.said(mark(5, 8, 12, 5, 'slow'), mark(6, 4, 5, 2, 'filter')); // the newest value was still to come
  await lab.reconnected();
  const { subscriptions } = await lab.joined(
    { topics: 2 },
    ...quotes(5),
    { ...snapshot(5, 12, [3, 4]), recovered: false, code: 116 },
    ...events(6),
    { ...position(6, 5), recovered: true },
  );
  expect(subscriptions[0]!.since).toEqual({ positions: { 'm.T': ['e1', 5], 'm.A': ['e1', 7] } });
  lab.say(data(5, 14, [5, 6]));
  await lab.connection.next('verify');
  await lab.reconnected(); // with the question unanswered
  expect((await lab.connection.next('subscribe')).subscriptions[0]!.since).toEqual({
    positions: { 'm.T': ['e1', 5], 'm.A': ['e1', 14] },
  });
});

test('a server that has lost its newest publications is believed, and one that skips some is not', async () => {
  const heard: unknown[] = [];
  const subscription = lab.client.subscribe('m.>', ({ seq, topic }) => heard.push([topic, seq]));
  await lab.greeted();
  await lab.joined({ topics: 2 }, ...quotes(5), snapshot(5, 7, [1, 2]), ...events(6), position(6, 3));
  await lab.said();
  lab.heard();
  await lab.reconnected();
  await lab.joined(
    { topics: 2 },
    ...quotes(5),
    { ...snapshot(5, 4, [3, 4]), recovered: false, code: 115 },
    ...events(6),
    { ...position(6, 5), recovered: true },
  );
  await lab.said();
  expect(lab.heard('gap')).toMatchObject([{ topic: 'm.T', fromSeq: 4, toSeq: 5 }]);
  await lab.said(data(5, 5, [5, 6]), data(6, 6, [0, 0]));
  expect(heard).toEqual([
    ['m.A', 7],
    ['m.A', 4],
    ['m.A', 5],
    ['m.T', 6],
  ]);
  expect(subscription.ledger('m.A')).toMatchObject({ published: 1, delivered: 1 });
});

test('a slow connection answers in its own order: each takes what is its own, and nobody is called short of anything', async () => {
  const heard = { one: [] as number[], two: [] as number[] };
  lab.client.subscribe('m.T', ({ seq }) => heard.one.push(seq));
  const two = lab.client.subscribe('m.*', ({ seq }) => heard.two.push(seq));
  await lab.greeted();
  const { id } = await lab.connection.next('subscribe');
  const served = { op: 'subscribed', topics: 1, stream: 0, rate: 0 } as const;
  await lab.said({ ...served, id, sid: 1 }, ...quotes(1).slice(0, 1), ...events(6), position(6, 3), data(6, 4, [0, 0]));
  await lab.said({ ...served, id, sid: 2 }, position(6, 4), data(6, 5, [0, 0]));
  void two.pause();
  const pause = await lab.connection.next('change');
  await lab.said({ ...served, id: pause.id, sid: 2, topics: 0 }, data(6, 6, [0, 0]));
  await lab.reconnected({ heartbeatMs: 60_000, timeoutMs: 150_000 });
  await lab.connection.next('subscribe');
  await lab.connection.next('change');
  lab.heard();
  await lab.said(
    { op: 'rate', step: 'conflated', maxRate: 0, reason: 'lag' },
    { ...served, id: 90, sid: 1 },
    { ...served, id: 90, sid: 2 },
    ...quotes(1).slice(0, 1),
    ...events(6),
    { ...position(6, 5), recovered: true }, // the second one's
    { ...position(6, 6), recovered: true },
    data(6, 7, [0, 0]), // for the first one; the second is still to be told of 6
  );
  expect(lab.heard('gap')).toEqual([]);
  await lab.said(data(6, 6, [0, 0]), data(6, 7, [0, 0]), data(6, 8, [0, 0]));
  expect(heard).toEqual({ one: [4, 5, 6, 7, 8], two: [5, 6, 7, 8] });
  expect(lab.heard('gap')).toEqual([]);
  void two.pause();
  const again = await lab.connection.next('change');
  await lab.said({ ...served, id: again.id, sid: 2, topics: 0 }, data(6, 9, [0, 0]));
  void two.resume();
  const resume = await lab.connection.next('change');
  await lab.said({ ...served, id: resume.id, sid: 2, topics: 0 }, data(6, 10, [0, 0]));
  expect(lab.heard('gap')).toEqual([]);
  lab.time.pass(10_000); // and what the second one was owed never came
  await lab.said(data(6, 11, [0, 0]));
  expect(lab.heard('gap')).toMatchObject([{ pattern: 'm.*', fromSeq: 9, toSeq: 10 }]);
});

test('a table that began with the answer to another is set right by its own', async () => {
  lab.client.subscribe('m.*', () => {}, { snapshot: false });
  const subscription = lab.client.subscribe('m.book', () => {});
  await lab.greeted();
  const { id } = await lab.connection.next('subscribe');
  const served = { op: 'subscribed', topics: 1, stream: 0, rate: 0 } as const;
  const book: ServerFrame = { op: 'topic', tid: 5, name: 'm.book', epoch: 'e1', schema: 3, kind: 'keyed' };
  lab.say({ ...served, id, sid: 2 }, { ...served, id, sid: 1 }, quotes(5)[0], book);
  await lab.said(rows(5, 4, ['a', 1, 2]), position(5, 4));
  expect([...subscription.rows('m.book').keys()]).toEqual(['a']);
  const first = lab.client.subscribe('m.>', () => {});
  const second = lab.client.subscribe('*.book', () => {});
  const next = await lab.connection.next('subscribe');
  await lab.said(
    { ...served, id: next.id, sid: first.id },
    { ...served, id: next.id, sid: second.id },
    position(5, 4), // of somebody who left meanwhile
    rows(5, 4, ['a', 1, 2]),
    rows(5, 4, ['a', 1, 2]),
  );
  expect([[...first.rows('m.book').keys()], [...second.rows('m.book').keys()]]).toEqual([['a'], ['a']]);
});

test('a topic that was away and comes back in the same life without a snapshot is asked for whole', async () => {
  const subscription = lab.client.subscribe('m.book', () => {});
  await lab.greeted();
  const book: ServerFrame = { op: 'topic', tid: 5, name: 'm.book', epoch: 'e1', schema: 3, kind: 'keyed' };
  await lab.joined({}, quotes(5)[0], book, rows(5, 4, ['a', 1, 2]));
  await lab.reconnected();
  await lab.joined({ topics: 0 });
  await lab.said();
  expect([subscription.rows('m.book').size, lab.heard('recovered')]).toMatchObject([
    0,
    [{ topics: 0, notRecovered: 1 }],
  ]);
  lab.say(quotes(5)[0], book, { ...data(5, 5, [3, 4]), key: 'b' });
  const { id, want } = await lab.connection.next('verify');
  await lab.said(rows(5, 5, ['a', 1, 2], ['b', 3, 4]), { op: 'ok', id, result: {} });
  expect([want, [...subscription.rows('m.book').keys()]]).toEqual(['snapshot', ['b', 'a']]);
});

test('a snapshot that was asked for and does not come is asked for again, and then given up aloud', async () => {
  const subscription = lab.client.subscribe('m.A', () => {}, { delta: true });
  await lab.greeted();
  await lab.joined({ stream: 3 }, ...quotes(-1, 3), snapshot(-1, 7, [1, 2]));
  lab.say({ op: 'patch', tid: -1, seq: 8, ts: 0, base: 7, changes: [1] });
  for (let tries = 0; tries < 3; tries++) {
    const { id } = await lab.connection.next('verify');
    lab.say({ op: 'ok', id, result: {} });
  }
  await lab.said();
  expect(lab.heard('error')).toMatchObject([{ reason: 'unreadable', pattern: 'm.A' }]);
  expect([subscription.repairs, subscription.stateOf('m.A')]).toEqual([0, 'recovering']);
  lab.say({ op: 'patch', tid: -1, seq: 9, ts: 0, base: 8, changes: [0, 5] });
  await lab.said(data(-1, 10, [5, 6])); // the whole value heals as well
  expect([subscription.get('m.A'), subscription.stateOf('m.A')]).toEqual([{ bid: 5, ask: 6 }, 'live']);
});

test('what could not be set right while paused is set right once it goes on', async () => {
  const subscription = lab.client.subscribe('m.A', () => {}, { delta: true });
  await lab.greeted();
  await lab.joined({ stream: 3 }, ...quotes(-1, 3), snapshot(-1, 7, [1, 2]));
  const pausing = subscription.pause();
  const pause = await lab.connection.next('change');
  lab.say({ op: 'patch', tid: -1, seq: 8, ts: 0, base: 7, changes: [1] });
  const refused = await lab.connection.next('verify');
  const served = { op: 'subscribed', sid: 1, topics: 0, stream: 3, rate: 0 } as const;
  lab.say({ ...served, id: pause.id }, { op: 'error', id: refused.id, code: 104, retryable: false, message: 'paused' });
  await pausing;
  await lab.said();
  expect(lab.heard('error')).toEqual([]);
  void subscription.resume();
  const resume = await lab.connection.next('change');
  lab.say({ ...served, id: resume.id });
  const { id } = await lab.connection.next('verify');
  await lab.said(snapshot(-1, 9, [3, 4]), { op: 'ok', id, result: {} });
  expect([subscription.get('m.A'), subscription.repairs]).toEqual([{ bid: 3, ask: 4 }, 1]);
});

test('of a new connection every topic counts as live until it is said to be stale', async () => {
  lab.client.subscribe('m.>', () => {});
  await lab.greeted();
  await lab.joined({ topics: 2 }, ...quotes(5), snapshot(5, 7, [1, 2]), {
    op: 'state',
    tid: 5,
    state: 'stale',
    since: 1,
  });
  await lab.said();
  await lab.reconnected();
  await lab.joined({}, ...quotes(5), { ...position(5, 7), recovered: true });
  await lab.said();
  expect(lab.heard('quality')).toMatchObject([{ state: 'live' }]);
});

test('old data is never called live: recovering with the close itself, stale and degraded as the server says', async () => {
  const subscription = lab.client.subscribe('m.>', () => {});
  expect(subscription.state).toBe('recovering');
  await lab.greeted({ heartbeatMs: 1000, timeoutMs: 2000 });
  await lab.joined({ topics: 2 }, ...quotes(5), snapshot(5, 7, [1, 2]), ...events(6), position(6, 3));
  await lab.said();
  await lab.said({ op: 'state', tid: 5, state: 'stale', since: 123 });
  expect([subscription.state, subscription.stateOf('m.A'), subscription.stateOf('m.T')]).toEqual([
    'live',
    'stale',
    'live',
  ]);
  await lab.said({ op: 'state', tid: 6, state: 'stale', since: 124 });
  await lab.said({ op: 'state', tid: 5, state: 'live', since: 125 });
  await lab.said({ op: 'rate', step: 'conflated', maxRate: 0, reason: 'lag' });
  expect([subscription.state, subscription.stateOf('m.A'), subscription.stateOf('m.T')]).toEqual([
    'degraded',
    'degraded',
    'stale',
  ]);
  const pattern = 'm.>';
  const since = expect.any(Number);
  expect(lab.heard('quality', 'step')).toEqual([
    ['quality', { pattern, state: 'live', since }],
    ['quality', { pattern, topic: 'm.A', state: 'stale', since: 123 }],
    ['quality', { pattern, topic: 'm.T', state: 'stale', since: 124 }],
    ['quality', { pattern, state: 'stale', since }],
    ['quality', { pattern, topic: 'm.A', state: 'live', since: 125 }],
    ['quality', { pattern, state: 'live', since }],
    ['step', { step: 'conflated', maxRate: 0, reason: 'lag' }],
    ['quality', { pattern, state: 'degraded', since }],
  ]);
  let stateAtClose: unknown;
  lab.client.on('state', ({ name }) => {
    if (name === 'waiting')
      stateAtClose = [subscription.state, subscription.stateOf('m.A'), lab.heard('quality').length];
  });
  lab.time.pass(2000); // not a word from the server
  expect(stateAtClose).toEqual(['recovering', 'recovering', 1]);
  expect(subscription.stateOf('m.none')).toBeUndefined();
});

test('a checksum that agrees is all; one that does not has that topic replaced', async () => {
  const heard: unknown[] = [];
  const subscription = lab.client.subscribe('m.book', ({ key, type }) => heard.push([type, key]));
  await lab.greeted();
  await lab.joined(
    {},
    quotes(5)[0]!,
    { op: 'topic', tid: 5, name: 'm.book', epoch: 'e1', schema: 3, kind: 'keyed' },
    rows(5, 4, ['a', 1, 2], ['b', 3, 4]),
  );
  await subscription.ready;
  const right = subscription.verify('m.book');
  const first = await lab.connection.next('verify');
  expect(first).toMatchObject({ sid: 1, topic: 'm.book', want: 'checksum' });
  const crc = stateChecksum([['b', [3, 4]] as const, ['a', [1, 2]] as const]);
  // What comes behind the answer in the same message is not part of what it speaks of.
  lab.say({ op: 'checksum', id: first.id, sid: 1, tid: 5, seq: 4, ...crc }, { ...data(5, 5, [0, 0]), key: 'a' });
  expect(await right).toEqual({ ok: true, rows: 2, repaired: false });
  const wrong = subscription.verify('m.book');
  const second = await lab.connection.next('verify');
  lab.say({ op: 'checksum', id: second.id, sid: 1, tid: 5, seq: 5, crc: 1, rows: 3 });
  const repair = await lab.connection.next('verify');
  expect(repair.want).toBe('snapshot');
  heard.length = 0;
  await lab.said(rows(5, 5, ['a', 0, 0], ['c', 5, 6]), { op: 'ok', id: repair.id, result: {} });
  expect(await wrong).toEqual({ ok: false, rows: 3, repaired: true });
  expect(heard).toEqual([
    ['value', 'c'],
    ['remove', 'b'],
  ]);
  expect(subscription.repairs).toBe(1);
  await expect(subscription.verify('m.other')).rejects.toMatchObject({ reason: 'unknownTopic' });
  const lost = subscription.verify('m.book');
  await lab.connection.next('verify');
  lab.connection.cut();
  await expect(lost).rejects.toMatchObject({ reason: 'connectionLost' });
});

test('topics are verified by themselves, in turn, where that is wished', async () => {
  const subscription = lab.client.subscribe('m.>', () => {}, { verifyEveryMs: 500 });
  await lab.greeted();
  await lab.joined(
    { topics: 3 },
    ...quotes(5),
    snapshot(5, 7, [1, 2]),
    ...events(6),
    position(6, 3),
    { op: 'topic', tid: 7, name: 'm.B', epoch: 'e1', schema: 3, kind: 'latest' },
    snapshot(7, 1, [1, 2]),
  );
  await subscription.ready;
  const asked: string[] = [];
  for (let i = 0; i < 3; i++) {
    lab.time.pass(500);
    const { id, topic } = await lab.connection.next('verify');
    asked.push(topic);
    const seq = topic === 'm.A' ? 7 : 1;
    const tid = topic === 'm.A' ? 5 : 7;
    await lab.said({ op: 'checksum', id, sid: 1, tid, seq, ...stateChecksum([['', [1, 2]]]) });
  }
  expect(asked).toEqual(['m.A', 'm.B', 'm.A']);
  subscription.unsubscribe();
  lab.time.pass(5000);
  await lab.connection.next('unsubscribe');
  expect([subscription.repairs, lab.connection.unread]).toEqual([0, []]);
});

const quoteFields = [
  { name: 'bid', type: 'int' },
  { name: 'ask', type: 'int' },
] as const;

function quotes(tid: number, stream = 0): [ServerFrame, ServerFrame] {
  return [
    { op: 'schema', schema: 3, fields: quoteFields },
    { op: 'topic', tid, name: 'm.A', epoch: 'e1', schema: 3, kind: 'latest', ...(stream !== 0 && { stream }) },
  ];
}

function events(tid: number): [ServerFrame] {
  return [{ op: 'topic', tid, name: 'm.T', epoch: 'e1', schema: 3, kind: 'event' }];
}

function snapshot(tid: number, seq: number, values: readonly number[]) {
  return { op: 'snapshot', tid, seq, ts: 0, last: true, rows: [[values]] } as const;
}

function position(tid: number, seq: number) {
  return { op: 'snapshot', tid, seq, ts: 0, last: true, rows: [] } as const;
}

function rows(tid: number, seq: number, ...all: readonly (readonly [key: string, ...values: number[]])[]): ServerFrame {
  return { op: 'snapshot', tid, seq, ts: 0, last: true, rows: all.map(([key, ...values]) => [values, key] as const) };
}

function data(tid: number, seq: number, values: readonly number[]) {
  return { op: 'data', tid, seq, ts: 0, values } as const;
}

function mark(tid: number, from: number, to: number, count: number, reason: 'slow' | 'filter' | 'paused'): ServerFrame {
  return { op: 'mark', tid, from, to, count, reason, ageMs: 40 };
}

function dataOf(message: Message): unknown {
  return message.type === 'value' ? message.data : undefined;
}

function thrownBy(run: () => unknown): TickwireError {
  try {
    run();
  } catch (error) {
    return error as TickwireError;
  }
  throw new Error('nothing was thrown');
}
