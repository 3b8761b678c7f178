import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LiveSubscription } from '../../src/client/live-subscription.ts';
import type { Message } from '../../src/client/message.ts';
import { type ClientFrame, decodeClientFrame, matches, type ServerFrame } from '../../src/protocol/index.ts';
import { ModelLine } from './model-line.ts';

const topicNames = ['l.a', 'l.b', 'k.a', 'k.b', 'e.a', 'e.b'];
const patterns = ['>', 'l.*', 'k.*', 'e.*', 'l.a', 'k.a', 'e.a', '*.a'];

const commands = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.tuple(fc.constant('publish'), fc.nat(5), fc.nat(3)) },
    { weight: 2, arbitrary: fc.tuple(fc.constant('remove'), fc.nat(5), fc.nat(3)) },
    { weight: 3, arbitrary: fc.tuple(fc.constant('subscribe'), fc.nat(7), fc.nat(3)) },
    { weight: 2, arbitrary: fc.tuple(fc.constant('unsubscribe'), fc.nat(20), fc.nat(0)) },
    { weight: 4, arbitrary: fc.tuple(fc.constant('flush'), fc.nat(20), fc.nat(0)) },
    { weight: 4, arbitrary: fc.tuple(fc.constant('hear'), fc.nat(5), fc.nat(0)) },
    { weight: 2, arbitrary: fc.tuple(fc.constant('serve'), fc.nat(3), fc.nat(0)) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('cut'), fc.nat(0), fc.nat(0)) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('restart'), fc.nat(0), fc.nat(0)) },
  ),
  { maxLength: 120, size: 'max' },
);

test('whatever is cut, restarted, delayed and overlapping: each subscriber has the truth, once, or is told what is missing', async () => {
  await fc.assert(
    fc.asyncProperty(commands, async (script) => {
      const world = new World();
      for (const [what, a, b] of script) {
        world.do(what, a, b);
        if (b > 0) await Promise.resolve(); // requests of one turn leave together
      }
      await world.settle();
      expect(world.line.errors).toEqual([]);
      for (const watcher of world.watchers) watcher.check(world.server);
    }),
    { numRuns: 600 },
  );
}, 60_000);

type ServerTopic = {
  name: string;
  tid: number;
  epoch: string;
  seq: number;
  kind: 'latest' | 'keyed' | 'event';
  value: number | undefined;
  rows: Map<string, number>;
  /** By seq; event topics only. */
  events: number[];
};

/** A server by the rules of joining: answers in order, snapshots behind the answer, live frames in turns of each stream. */
class ModelServer {
  readonly topics = new Map<string, ServerTopic>();
  readonly #streams = new Map<number, { pattern: string; queue: ServerFrame[] }>();
  readonly #inbound: ClientFrame[] = [];
  outbound: ServerFrame[][] = [];
  #nextTid = 1;
  #life = 1;

  receive(bytes: Uint8Array): void {
    this.#inbound.push(decodeClientFrame(bytes, 'msgpack'));
  }

  publish(name: string, key: string, value: number | undefined): void {
    const topic = this.topics.get(name) ?? this.#born(name);
    const { tid, kind } = topic;
    if (value === undefined && kind !== 'keyed') return;
    const seq = ++topic.seq;
    if (kind === 'event') topic.events[seq] = value!;
    if (kind === 'latest') topic.value = value;
    if (kind === 'keyed' && value !== undefined) topic.rows.set(key, value);
    if (kind === 'keyed' && value === undefined) topic.rows.delete(key);
    const at = { tid, seq, ts: 0 };
    if (kind !== 'keyed') this.#toStreams(name, { op: 'data', ...at, values: [value] });
    else if (value === undefined) this.#toStreams(name, { op: 'remove', ...at, key });
    else this.#toStreams(name, { op: 'data', ...at, values: [value], key });
  }

  serve(count: number): void {
    for (const frame of this.#inbound.splice(0, count)) this.#answer(frame);
  }

  flush(nth: number): void {
    const stream = [...this.#streams.values()][nth % Math.max(1, this.#streams.size)];
    if (stream !== undefined && stream.queue.length > 0) this.outbound.push(stream.queue.splice(0));
  }

  flushAll(): void {
    for (let i = 0; i < this.#streams.size; i++) this.flush(i);
  }

  disconnect(): void {
    this.#streams.clear();
    this.#inbound.length = 0;
    this.outbound = [];
  }

  restart(): void {
    this.disconnect();
    this.topics.clear();
    this.#nextTid = 1;
    this.#life++;
  }

  #answer(frame: ClientFrame): void {
    if (frame.op === 'hello') {
      const limits = { maxFrameBytes: 65_536, maxSubscriptions: 1024 };
      const info = { session: 's', server: 'model', heartbeatMs: 1e9, timeoutMs: 1e9, limits };
      this.outbound.push([{ op: 'welcome', id: frame.id, info: { ...info, clock: { t0: null, t1: 0, t2: 0 } } }]);
    } else if (frame.op === 'subscribe') {
      for (const { sid, pattern, snapshot = true } of frame.subscriptions) this.#join(frame.id, sid, pattern, snapshot);
    } else if (frame.op === 'unsubscribe') {
      for (const sid of frame.sids) {
        expect(this.#streams.delete(sid)).toBe(true);
        this.outbound.push([{ op: 'unsubscribed', id: frame.id, sid }]);
      }
    }
  }

  #join(id: number, sid: number, pattern: string, withRows: boolean): void {
    expect(this.#streams.has(sid)).toBe(false);
    this.flushAll(); // so that no stream brings what this one, joined later, has overtaken
    const selected = [...this.topics.values()].filter(({ name }) => matches(pattern, name));
    this.outbound.push([{ op: 'subscribed', id, sid, topics: selected.length, stream: 0, rate: 0 }]);
    for (const topic of selected) {
      const rows = withRows ? rowsOf(topic) : [];
      const half = Math.ceil(rows.length / 2);
      const at = { op: 'snapshot', tid: topic.tid, seq: topic.seq, ts: 0 } as const;
      this.outbound.push([...introduction(topic), { ...at, last: false, rows: rows.slice(0, half) }]);
      this.outbound.push([{ ...at, last: true, rows: rows.slice(half) }]);
    }
    this.#streams.set(sid, { pattern, queue: [] });
  }

  #born(name: string): ServerTopic {
    const kind = ({ l: 'latest', k: 'keyed', e: 'event' } as const)[name[0] as 'l' | 'k' | 'e'];
    const epoch = `life ${this.#life}`;
    const topic = { name, tid: this.#nextTid++, epoch, seq: 0, kind, value: undefined, rows: new Map(), events: [] };
    this.topics.set(name, topic);
    for (const frame of introduction(topic)) this.#toStreams(name, frame);
    return topic;
  }

  #toStreams(name: string, frame: ServerFrame): void {
    for (const { pattern, queue } of this.#streams.values()) if (matches(pattern, name)) queue.push(frame);
  }
}

/** A subscriber who keeps the state that the messages tell, and a note of what each of them claimed. */
class Watcher {
  readonly subscription: LiveSubscription;
  readonly values = new Map<string, unknown>();
  readonly rows = new Map<string, Map<string, unknown>>();
  /** Of event topics, by epoch and topic: the seqs that were delivered, and those said to be missing. */
  readonly events = new Map<string, number[]>();
  readonly missing = new Map<string, Set<number>>();
  readonly #lastSeq = new Map<string, number>();
  isOver = false;

  readonly #pattern: string;
  readonly #wantsSnapshot: boolean;

  constructor(world: World, pattern: string, wantsSnapshot: boolean) {
    this.#pattern = pattern;
    this.#wantsSnapshot = wantsSnapshot;
    this.subscription = world.line.conversation.subscriptions.add({
      pattern,
      wantsSnapshot,
      listener: (message) => this.#hear(message),
      maxBufferedEvents: 1,
      view: {},
      since: undefined,
      verifyEveryMs: undefined,
    });
    // Here and not by the event, which names the pattern only: there may be several of it.
    this.subscription.lost = ({ name, epoch }, fromSeq, toSeq) => this.#note(name, epoch, fromSeq, toSeq);
  }

  check(server: ModelServer): void {
    if (this.isOver || !this.#wantsSnapshot) return;
    for (const topic of server.topics.values()) {
      if (!matches(this.#pattern, topic.name)) continue;
      if (topic.kind === 'latest') expect(this.values.get(topic.name)).toBe(topic.value);
      if (topic.kind === 'keyed') expect(sorted(this.rows.get(topic.name))).toEqual(sorted(topic.rows));
      if (topic.kind === 'event') this.#checkEvents(topic);
    }
    for (const [name, rows] of this.rows) if (!server.topics.has(name)) expect([name, rows.size]).toEqual([name, 0]);
  }

  #checkEvents({ name, epoch, seq }: ServerTopic): void {
    const id = `${epoch} ${name}`;
    const delivered = this.events.get(id) ?? [];
    const missing = this.missing.get(id) ?? new Set();
    const first = Math.min(delivered[0] ?? seq + 1, ...missing);
    const accounted = [...delivered, ...missing].sort((a, b) => a - b);
    expect(accounted).toEqual(Array.from({ length: seq - first + 1 }, (_, i) => first + i));
  }

  #hear(message: Message): void {
    expect(this.isOver).toBe(false);
    const { topic, kind, seq, epoch, isSnapshot } = message;
    const id = `${epoch} ${topic}`;
    const last = this.#lastSeq.get(id) ?? -1;
    // A removal may close the former life of a table, which had other numbers.
    if (message.type === 'value') {
      if (isSnapshot) expect(seq).toBeGreaterThanOrEqual(last);
      else expect(seq).toBeGreaterThan(last);
      this.#lastSeq.set(id, seq);
    }
    if (kind === 'event') push(this.events, id, seq);
    const rows = this.rows.get(topic) ?? new Map();
    this.rows.set(topic, rows);
    if (message.type === 'remove') expect(rows.delete(message.key) || !isSnapshot).toBe(true);
    else if (message.key !== undefined) rows.set(message.key, message.data);
    else this.values.set(topic, message.data);
  }

  #note(topic: string, epoch: string, fromSeq: number, toSeq: number): void {
    const id = `${epoch} ${topic}`;
    const missing = this.missing.get(id) ?? new Set();
    for (let seq = fromSeq; seq <= toSeq; seq++) missing.add(seq);
    this.missing.set(id, missing);
  }
}

class World {
  readonly server = new ModelServer();
  readonly watchers: Watcher[] = [];
  readonly line = new ModelLine(this.server);
  #next = 1;

  do(what: string, a: number, b: number): void {
    if (what === 'publish') this.server.publish(topicNames[a]!, `row ${b}`, this.#next++);
    if (what === 'remove' && this.server.topics.has(topicNames[a]!))
      this.server.publish(topicNames[a]!, `row ${b}`, undefined);
    if (what === 'subscribe') this.#watch(patterns[a]!, b > 0);
    if (what === 'unsubscribe') this.#unwatch(a);
    if (what === 'flush') this.server.flush(a);
    if (what === 'serve') this.server.serve(a + 1);
    if (what === 'hear') this.line.hear(a + 1);
    if (what === 'cut') this.line.cut(() => this.server.disconnect());
    if (what === 'restart') this.line.cut(() => this.server.restart());
  }

  /** Everything on its way arrives. */
  async settle(): Promise<void> {
    this.line.connect();
    for (let i = 0; i < 3; i++) {
      await Promise.resolve();
      this.server.serve(Number.POSITIVE_INFINITY);
      this.server.flushAll();
      this.line.hear(Number.POSITIVE_INFINITY);
    }
  }

  #watch(pattern: string, wantsSnapshot: boolean): void {
    this.watchers.push(new Watcher(this, pattern, wantsSnapshot));
  }

  #unwatch(nth: number): void {
    const watcher = this.watchers[nth % Math.max(1, this.watchers.length)];
    if (watcher === undefined) return;
    watcher.subscription.unsubscribe();
    watcher.isOver = true;
  }
}

function introduction({ name, tid, epoch, kind }: ServerTopic): ServerFrame[] {
  return [
    { op: 'schema', schema: 1, fields: [{ name: '', type: 'int' }] },
    { op: 'topic', tid, name, epoch, schema: 1, kind },
  ];
}

function rowsOf({ kind, value, rows }: ServerTopic): (readonly [number[], string?])[] {
  if (kind === 'keyed') return [...rows].map(([key, row]) => [[row], key] as const);
  return kind === 'latest' && value !== undefined ? [[[value]]] : [];
}

function push(lists: Map<string, number[]>, key: string, item: number): void {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  list.push(item);
}

function sorted(rows: ReadonlyMap<string, unknown> | undefined): unknown[] {
  return [...(rows ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
}
