import { expect, test } from 'vitest';
import { TestBus } from '../support/test-bus.ts';

test('a publication is encoded once for each encoding, however many patterns and subscribers there are', () => {
  const bus = new TestBus();
  const a = bus.numbers('a.b');
  for (const pattern of ['a.b', 'a.*', '>']) for (let i = 0; i < 10; i++) bus.subscribe(pattern);
  bus.member('>', {}, bus.sink('json')).join(Number.POSITIVE_INFINITY);
  a.publish(1);
  expect(bus.bus.hub.counts).toMatchObject({ publications: 1, encodes: 2, frames: 4 });
});

test('two hundred subscribers at one rate share each encoded frame', () => {
  const bus = new TestBus();
  const a = bus.numbers('a');
  const subscribers = Array.from({ length: 200 }, () => bus.subscribe('a', { maxRate: 2 }));
  for (let i = 0; i < 20; i++) {
    a.publish(i);
    bus.pass(100);
  }
  bus.pass(1000);
  const { encodes, messages } = bus.bus.hub.counts;
  expect({ encodes, messages }).toEqual({ encodes: 9, messages: 5 }); // 5 beats, 4 of them with a MARK
  for (const { news } of subscribers) {
    const lines = news();
    expect(lines).toHaveLength(10);
    expect(lines.at(-1)).toBe('data a 20 [19]');
  }
});

test('two hundred rates cost an encoded frame for each rate and change, and no more', () => {
  const bus = new TestBus();
  const a = bus.numbers('a');
  for (let i = 0; i < 200; i++) bus.subscribe('a', { maxRate: 1 + i });
  const changes = 10;
  for (let i = 0; i < changes; i++) {
    a.publish(i);
    bus.pass(10_000); // all beats are over, so nothing is skipped
  }
  expect(bus.bus.hub.counts.encodes).toBe(200 * changes);
});

test('what a stream has to say in a turn leaves as one message', () => {
  const bus = new TestBus();
  const { sink, read } = bus.subscribe('>');
  const [a, b] = [bus.numbers('a'), bus.numbers('b')];
  a.publish(1);
  b.publish(2);
  a.publish(3);
  expect(read()).toEqual([]);
  bus.turn();
  expect(sink.messages).toBe(1);
  expect(read()).toEqual(['schema 1', 'topic a', 'topic b', 'data a 1 [1]', 'data b 1 [2]', 'data a 2 [3]']);
});

test('a newcomer meets the stream without a gap or a second copy', () => {
  const bus = new TestBus();
  const a = bus.numbers('a');
  const first = bus.subscribe('a');
  first.read();
  a.publish(1);
  const second = bus.subscribe('a');
  expect(first.read()).toEqual(['data a 1 [1]']); // what was held went to those who were there before
  expect(second.read()).toEqual(['schema 1', 'topic a', 'snapshot a 1: [1]']);
  a.publish(2);
  bus.turn();
  expect(first.read()).toEqual(['data a 2 [2]']);
  expect(second.read()).toEqual(['data a 2 [2]']);
});

test('a connection on two streams sees a topic in order, though one of them began in mid-turn', () => {
  const bus = new TestBus();
  const e = bus.numbers('e.a', 'event');
  const sink = bus.sink();
  bus.member('e.*', {}, sink).join(Number.POSITIVE_INFINITY);
  e.publish(1);
  bus.member('e.a', {}, sink).join(Number.POSITIVE_INFINITY);
  e.publish(2);
  bus.member('*.a', {}, sink).join(Number.POSITIVE_INFINITY);
  e.publish(3);
  bus.turn();
  const seqs = sink.frames.flatMap((frame) => (frame.op === 'data' ? [frame.seq] : []));
  expect(seqs).toEqual([1, 2, 2, 3, 3, 3]);
});

test('the welcome of a stream is made once between two publications', () => {
  const bus = new TestBus();
  const a = bus.numbers('a');
  a.publish(1);
  const { stream } = bus.join('a').member;
  const first = stream.welcome(true);
  expect(stream.welcome(true)).toBe(first);
  a.publish(2);
  expect(stream.welcome(true)).not.toBe(first);
  expect(bus.subscribe('a').news()).toEqual(['snapshot a 2: [2]']);
});

test('snapshots hold what the kind keeps', () => {
  const bus = new TestBus();
  bus.numbers('latest').publish(1);
  bus.numbers('event', 'event').publish(1);
  bus.numbers('ephemeral', 'ephemeral').publish(1);
  const table = bus.numbers('keyed', 'keyed');
  table.set('x', 1);
  table.set('y', 2);
  table.set('x', 3);
  table.remove('y');
  expect(bus.subscribe('>').news()).toEqual([
    'snapshot latest 1: [1]',
    'snapshot event 1: no rows',
    'snapshot ephemeral 1: no rows',
    'snapshot keyed 4: x [3]',
  ]);
  expect(bus.subscribe('keyed', {}, { withRows: false }).news()).toEqual(['snapshot keyed 4: no rows']);
});

test('a long table comes in parts, the last one marked', () => {
  const bus = new TestBus();
  const table = bus.numbers('t', 'keyed');
  for (let row = 0; row < 150; row++) table.set(`k${row}`, row);
  const parts = bus.subscribe('t').frames.filter((frame) => frame.op === 'snapshot');
  expect(parts.map(({ rows, last, seq }) => [rows.length, last, seq])).toEqual([
    [64, false, 150],
    [64, false, 150],
    [22, true, 150],
  ]);
});

test('a topic born later is announced to the streams that select it, before its first value', () => {
  const bus = new TestBus();
  const { read } = bus.subscribe('new.*');
  expect(read()).toEqual([]);
  bus.numbers('old.a').publish(1);
  bus.numbers('new.a').publish(2);
  bus.turn();
  expect(read()).toEqual(['schema 1', 'topic new.a', 'data new.a 1 [2]']);
});

test('a stream without members is dropped with its timers, and its topics forget it', () => {
  const bus = new TestBus();
  const a = bus.numbers('a');
  const { hub } = bus.bus;
  for (const view of [{}, { maxRate: 1 }]) {
    const [one, two] = [bus.subscribe('a', view), bus.subscribe('a', view)];
    a.publish(1, 2);
    bus.turn();
    a.publish(3);
    one.sink.messages = 0;
    hub.leave(one.member);
    hub.leave(one.member); // twice is harmless
    expect(hub.streamCount).toBe(1);
    hub.leave(two.member);
    expect(hub.streamCount).toBe(0);
    const { encodes } = hub.counts;
    a.publish(4);
    bus.pass(10_000);
    expect(hub.counts.encodes).toBe(encodes);
  }
});

test('a topic that has none of the wanted fields is left out, and one that has some shows those', () => {
  const bus = new TestBus();
  bus.topic('q').publish({ bid: 1, ask: 2 }, { ts: 0 });
  bus.numbers('n').publish(1);
  const { read } = bus.subscribe('>', { fields: ['ask', 'size'] });
  expect(read()).toEqual(['schema 3 ask', 'topic q', 'snapshot q 1: [2]']);
  bus.numbers('later').publish(1);
  bus.topic('q.later').publish({ bid: 3, ask: 4 }, { ts: 0 });
  bus.turn();
  expect(read()).toEqual(['schema 3 ask', 'topic q.later', 'data q.later 1 [4]']);
});
