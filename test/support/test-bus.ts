import { z } from 'zod';
import {
  type Bus,
  type BusOptions,
  createBus,
  historyLimitsFor,
  type Member,
  OwnedTopic,
  type Sink,
  type Start,
  viewOf,
} from '../../src/bus/index.ts';
import {
  decodeServerFrames,
  type Encoding,
  type ServerFrame,
  type TopicKind,
  type ViewRequest,
} from '../../src/protocol/index.ts';

/** What the topics of a test hold unless it says otherwise. */
export const quote = z.object({ bid: z.number(), ask: z.number() });

/** A bus whose time moves only when it is told to, with subscribers that keep what they are sent. */
export class TestBus {
  readonly bus: Bus;
  readonly #channels = new Map<string, Set<TestSink>>();
  readonly #timers = new Set<{ due: number; run: () => void }>();
  #nowMs = 0;
  #flush: (() => void) | undefined;

  constructor(options: Partial<BusOptions> = {}) {
    this.bus = createBus(
      {
        publish: (channel, message) => {
          for (const sink of this.#channels.get(channel) ?? []) sink.send(message);
        },
        schedule: (flush) => {
          this.#flush = flush;
        },
      },
      {
        now: () => this.#nowMs * 1000,
        historyLimitsOf: (topic) => historyLimitsFor([], topic),
        historyBytes: 64 * 1024 * 1024,
        demandLingerMs: 5000,
        timers: {
          now: () => this.#nowMs,
          after: (delayMs, run) => {
            const timer = { due: this.#nowMs + delayMs, run };
            this.#timers.add(timer);
            return () => this.#timers.delete(timer);
          },
        },
        ...options,
      },
    );
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** A topic of the test's own, opened at once. */
  topic(name: string, kind: TopicKind = 'latest', schema: z.ZodType = quote): OwnedTopic {
    const topic = this.bus.origin.topic(name, 'the test', { kind, schema, checkEvery: 1 });
    if (!(topic instanceof OwnedTopic)) throw new Error(topic.message);
    return topic;
  }

  /** A topic of whole numbers, and how to publish on it. */
  numbers(name: string, kind: TopicKind = 'latest', more: { maxSilenceMs?: number } = {}) {
    const topic = this.bus.origin.topic(name, 'the test', { kind, schema: z.int(), checkEvery: 1, ...more });
    if (!(topic instanceof OwnedTopic)) throw new Error(topic.message);
    return {
      publish: (...values: number[]) => {
        for (const value of values) topic.publish(value, { ts: this.#nowMs * 1000 });
      },
      set: (key: string, value: number, ttlMs?: number) => topic.publish(value, { ts: this.#nowMs * 1000, key, ttlMs }),
      remove: (key: string) => topic.remove(key, this.#nowMs * 1000),
    };
  }

  /** A subscriber that has joined. */
  subscribe(pattern: string, view: ViewRequest = {}, start: Partial<Start> = {}): TestSubscriber {
    const subscriber = this.join(pattern, view, start);
    subscriber.member.join(Number.POSITIVE_INFINITY);
    return subscriber;
  }

  /** A subscriber that was told nothing yet. */
  join(
    pattern: string,
    view: ViewRequest = {},
    start: Partial<Start> = {},
    why: 'slow' | 'paused' | 'settling' = 'settling',
  ): TestSubscriber {
    const sink = this.sink();
    const member = this.member(pattern, view, sink, start, why);
    return { sink, member, frames: sink.frames, read: () => sink.read(), news: () => sink.news() };
  }

  /** A member that writes to this sink; it was told nothing yet. */
  member(
    pattern: string,
    view: ViewRequest,
    sink: TestSink,
    start: Partial<Start> = {},
    why: 'slow' | 'paused' | 'settling' = 'settling',
  ): Member {
    return this.bus.hub.subscribe([pattern], viewOf(sink.encoding, view), sink, { withRows: true, ...start }, why);
  }

  /** A connection; `visit` gets each frame at once: in JSON as it reads. */
  sink(encoding: Encoding = 'msgpack', visit?: (frame: ServerFrame) => void): TestSink {
    return new TestSink(this.#channels, encoding, visit);
  }

  /** The end of a loop turn. */
  turn(): void {
    const flush = this.#flush;
    this.#flush = undefined;
    flush?.();
  }

  /** The process is busy: timers that fall due meanwhile run late, all at once. */
  holdUp(ms: number): void {
    this.turn();
    this.#nowMs += ms;
    this.pass(0);
  }

  /** Lets time pass: every timer in its order, each followed by the end of its turn. */
  pass(ms: number): void {
    this.turn();
    const until = this.#nowMs + ms;
    for (;;) {
      const [next] = [...this.#timers].filter(({ due }) => due <= until).sort((a, b) => a.due - b.due);
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.due);
      next.run();
      this.turn();
    }
    this.#nowMs = until;
  }
}

export type TestSubscriber = Pick<TestSink, 'frames' | 'read' | 'news'> & { sink: TestSink; member: Member };

/** Keeps every frame, decoded, unless a visitor takes them. */
export class TestSink implements Sink {
  readonly encoding: Encoding;
  readonly frames: ServerFrame[] = [];
  messages = 0;
  readonly #names = new Map<number, string>();
  #read = 0;
  readonly #channels: Map<string, Set<TestSink>>;
  readonly #visit: (frame: ServerFrame) => void;

  constructor(channels: Map<string, Set<TestSink>>, encoding: Encoding, visit?: (frame: ServerFrame) => void) {
    this.encoding = encoding;
    this.#channels = channels;
    this.#visit = visit ?? ((frame) => this.frames.push(frame));
  }

  /** What came since the last look, a short line for each frame. */
  read(): string[] {
    const fresh = this.frames.slice(this.#read);
    this.#read = this.frames.length;
    return fresh.map((frame) => {
      if (frame.op === 'topic') this.#names.set(frame.tid, frame.name);
      return brief(frame, 'tid' in frame ? this.#names.get(frame.tid) : undefined);
    });
  }

  /** The same without what makes topics known. */
  news(): string[] {
    return this.read().filter((line) => !/^(schema|topic) /.test(line));
  }

  send = (message: Uint8Array): void => {
    this.messages++;
    if (this.encoding === 'msgpack') decodeServerFrames(message, this.#visit);
    else for (const frame of [JSON.parse(Buffer.from(message).toString())].flat()) this.#visit(frame);
  };

  attach(channel: string): void {
    const sinks = this.#channels.get(channel) ?? new Set();
    this.#channels.set(channel, sinks.add(this));
  }

  detach(channel: string): void {
    this.#channels.get(channel)?.delete(this);
  }
}

function brief(frame: ServerFrame, name: string | undefined): string {
  const key = 'key' in frame && frame.key !== undefined ? ` ${frame.key}` : '';
  switch (frame.op) {
    case 'schema':
      return `schema ${frame.schema} ${frame.fields.map((field) => field.name).join(' ')}`.trim();
    case 'topic':
      return `topic ${name}`;
    case 'snapshot': {
      const rows = frame.rows.map(([values, key]) => `${key === undefined ? '' : `${key} `}${JSON.stringify(values)}`);
      const recovery = frame.recovered === undefined ? '' : frame.recovered ? ', recovered' : `, lost (${frame.code})`;
      return `snapshot ${name} ${frame.seq}: ${rows.join(', ') || 'no rows'}${frame.last ? '' : ' …'}${recovery}`;
    }
    case 'data':
      return `data ${name} ${frame.seq}${key} ${JSON.stringify(frame.values)}`;
    case 'patch':
      return `patch ${name} ${frame.seq}${key} on ${frame.base} ${JSON.stringify(frame.changes)}`;
    case 'remove':
      return `remove ${name} ${frame.seq}${key}`;
    case 'mark':
      return `mark ${name} ${frame.from}-${frame.to} ${frame.count} ${frame.reason} ${frame.ageMs} ms`;
    case 'gap':
      return `gap ${name} ${frame.from}-${frame.to} ${frame.reason}`;
    case 'state':
      return `${frame.state} ${name}`;
    default:
      return frame.op;
  }
}
