import type { z } from 'zod';
import {
  type Bus,
  type BusOptions,
  createBus,
  type Member,
  OwnedTopic,
  type Sink,
  type Start,
  viewOf,
} from '../../src/bus/index.ts';
import { decodeServerFrames, type ServerFrame, type TopicKind, type ViewRequest } from '../../src/protocol/index.ts';
import { eventsOnly, quote } from './test-server.ts';

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
        historyLimitsOf: eventsOnly,
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
    const sink = new TestSink(this.#channels);
    const from = { withRows: true, ...start };
    const member = this.bus.hub.subscribe([pattern], viewOf('msgpack', view), sink, from, why);
    return { sink, member, frames: sink.frames };
  }

  /** The end of a loop turn. */
  turn(): void {
    const flush = this.#flush;
    this.#flush = undefined;
    flush?.();
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

export type TestSubscriber = { sink: TestSink; member: Member; frames: ServerFrame[] };

/** Keeps every frame, decoded. */
export class TestSink implements Sink {
  readonly frames: ServerFrame[] = [];
  readonly #channels: Map<string, Set<TestSink>>;

  constructor(channels: Map<string, Set<TestSink>>) {
    this.#channels = channels;
  }

  send = (message: Uint8Array): void => {
    decodeServerFrames(message, (frame) => this.frames.push(frame));
  };

  attach(channel: string): void {
    const sinks = this.#channels.get(channel) ?? new Set();
    this.#channels.set(channel, sinks.add(this));
  }

  detach(channel: string): void {
    this.#channels.get(channel)?.delete(this);
  }
}
