import { expect, test } from 'vitest';
import { Hub, type Publication, type Topic } from '../../src/bus/index.ts';
import { decodeServerFrames, type ServerFrame, type TopicKind } from '../../src/protocol/index.ts';

test('a publication is encoded once for each view, however many patterns and members share it', () => {
  const { hub, publish } = setUp();
  for (const pattern of ['a.b', 'a.*', '>']) for (let member = 0; member < 10; member++) hub.join(pattern, msgpack);
  hub.join('>', { encoding: 'json' });
  publish('a.b', 1);
  expect(hub.counts).toMatchObject({ publications: 1, encodes: 2, frames: 4 });
});

test('what a stream has to say in a turn leaves as one message', () => {
  const { hub, publish, endTurn, sent } = setUp();
  hub.join('>', msgpack);
  publish('a', 1);
  publish('b', 2);
  publish('a', 3);
  expect(sent).toEqual([]);
  endTurn();
  expect(sent.map(({ frames }) => frames.map(brief))).toEqual([
    ['schema 1', 'topic a', 'data a 1 [1]', 'topic b', 'data b 1 [2]', 'data a 2 [3]'],
  ]);
});

test('a newcomer meets the stream without a gap or a second copy', () => {
  const { hub, publish, endTurn, sent } = setUp();
  hub.join('a', msgpack);
  publish('a', 1);
  const stream = hub.join('a', msgpack);
  expect(sent).toHaveLength(1); // what was held went to those who were there before
  expect(decode(stream.welcome(true)).map(brief)).toEqual(['schema 1', 'topic a', 'snapshot a 1 [[[1]]]']);
  publish('a', 2);
  endTurn();
  expect(sent[1]!.frames.map(brief)).toEqual(['data a 2 [2]']);
});

test('a session on two streams sees a topic in order, though one of them began in mid-turn', () => {
  const { hub, publish, endTurn, sent } = setUp();
  hub.join('e.*', msgpack);
  publish('e.a', 1);
  hub.join('e.a', msgpack);
  publish('e.a', 2);
  hub.join('e.a', msgpack);
  publish('e.a', 3);
  endTurn();
  const seqs = sent.flatMap(({ frames }) => frames.flatMap((frame) => (frame.op === 'data' ? [frame.seq] : [])));
  expect(seqs).toEqual([1, 2, 2, 3, 3]);
});

test('the welcome of a stream is made once between two publications', () => {
  const { hub, publish } = setUp();
  publish('a', 1);
  const stream = hub.join('a', msgpack);
  const first = stream.welcome(true);
  expect(stream.welcome(true)).toBe(first);
  publish('a', 2);
  expect(decode(stream.welcome(true)).map(brief)).toContain('snapshot a 2 [[[2]]]');
});

test('snapshots hold what the kind keeps', () => {
  const { hub, publish, remove } = setUp();
  publish('latest', 1, 'latest');
  publish('event', 1, 'event');
  publish('ephemeral', 1, 'ephemeral');
  publish('keyed', 1, 'keyed', 'x');
  publish('keyed', 2, 'keyed', 'y');
  publish('keyed', 3, 'keyed', 'x');
  remove('keyed', 'y');
  const snapshots = decode(hub.join('>', msgpack).welcome(true)).filter(({ op }) => op === 'snapshot');
  expect(snapshots.map(brief)).toEqual([
    'snapshot latest 1 [[[1]]]',
    'snapshot event 1 []',
    'snapshot ephemeral 1 []',
    'snapshot keyed 4 [[[3],"x"]]',
  ]);
  const bare = decode(hub.join('keyed', msgpack).welcome(false)).filter(({ op }) => op === 'snapshot');
  expect(bare.map(brief)).toEqual(['snapshot keyed 4 []']);
});

test('a long table comes in parts, the last one marked', () => {
  const { hub, publish } = setUp();
  for (let row = 0; row < 150; row++) publish('t', row, 'keyed', `k${row}`);
  const parts = decode(hub.join('t', msgpack).welcome(true)).filter((frame) => frame.op === 'snapshot');
  expect(parts.map(({ rows, last }) => [rows.length, last])).toEqual([
    [64, false],
    [64, false],
    [22, true],
  ]);
});

test('a topic born later is announced to the streams that select it, before its first value', () => {
  const { hub, publish, endTurn, sent } = setUp();
  const stream = hub.join('new.*', msgpack);
  expect(stream.welcome(true)).toEqual([]);
  publish('old.a', 1);
  publish('new.a', 2);
  endTurn();
  expect(sent.map(({ frames }) => frames.map(brief))).toEqual([['schema 1', 'topic new.a', 'data new.a 1 [2]']]);
});

test('a stream without members is dropped, and its topics forget it', () => {
  const { hub, publish, endTurn, sent } = setUp();
  const stream = hub.join('a', msgpack);
  hub.join('a', msgpack);
  hub.leave(stream);
  expect(hub.streamCount).toBe(1);
  hub.leave(stream);
  expect(hub.streamCount).toBe(0);
  publish('a', 1);
  endTurn();
  expect(sent).toEqual([]);
  expect(hub.counts.encodes).toBe(0);
});

const msgpack = { encoding: 'msgpack' } as const;

function setUp() {
  const sent: { channel: string; frames: ServerFrame[] }[] = [];
  let flush: (() => void) | undefined;
  const hub = new Hub({
    publish: (channel, message) => void sent.push({ channel, frames: decode([Buffer.from(message)]) }),
    schedule: (run) => {
      flush = run;
    },
  });
  const topics = new Map<string, Topic & { next: number }>();
  const stamp = (name: string, kind: TopicKind, values: unknown[] | undefined, key?: string): Publication => {
    let topic = topics.get(name);
    if (topic === undefined) {
      const schema = { id: 1, fields: [{ name: '', type: 'int' }] } as const;
      topic = { tid: topics.size + 1, name, epoch: 'e', kind, schema, next: 1 };
      topics.set(name, topic);
      hub.open(topic);
    }
    return { topic, seq: topic.next++, ts: 0, values, key };
  };
  return {
    hub,
    sent,
    publish: (name: string, value: number, kind: TopicKind = 'latest', key?: string) =>
      hub.publish(stamp(name, kind, [value], key)),
    remove: (name: string, key: string) => hub.publish(stamp(name, 'keyed', undefined, key)),
    endTurn: () => flush?.(),
  };
}

function decode(messages: readonly Uint8Array[]): ServerFrame[] {
  const frames: ServerFrame[] = [];
  for (const message of messages) {
    if (message[0] === 0x7b) frames.push(JSON.parse(Buffer.from(message).toString()));
    else decodeServerFrames(message, (frame) => frames.push(frame));
  }
  for (const frame of frames) if (frame.op === 'topic') names.set(frame.tid, frame.name);
  return frames;
}

const names = new Map<number, string>();

function brief(frame: ServerFrame): string {
  switch (frame.op) {
    case 'schema':
      return `schema ${frame.schema}`;
    case 'topic':
      return `topic ${frame.name}`;
    case 'data':
      return `data ${names.get(frame.tid)} ${frame.seq} ${JSON.stringify(frame.values)}`;
    case 'snapshot':
      return `snapshot ${names.get(frame.tid)} ${frame.seq} ${JSON.stringify(frame.rows)}`;
    default:
      return frame.op;
  }
}
