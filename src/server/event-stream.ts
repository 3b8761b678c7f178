/** The server's side of one reader of server-sent events: one subscription, served at the reader's own pace. */

import type { CaughtUp, Ledger, Sink } from '../bus/index.ts';
import type { CloseReason, Step } from '../protocol/index.ts';
import type { Guest } from './drain.ts';
import type { EventChannels } from './event-channels.ts';
import { eventText, retryText, withId } from './event-text.ts';
import { type EventToken, writeToken } from './event-token.ts';
import { EventWriter } from './event-writer.ts';
import { Pace, type Paced } from './pace.ts';
import type { ServerParts } from './parts.ts';
import { sessionId } from './session-id.ts';
import { Subscription, type SubscriptionWish } from './subscription.ts';
import type { HttpResponse } from './uws.ts';

export type EventStreamParts = ServerParts & {
  readonly channels: EventChannels;
  /** It is over: nothing of it is left. */
  readonly onClosed: (stream: EventStream) => void;
};

/** What the request said. */
export type EventRequest = {
  readonly wish: SubscriptionWish;
  /** Where the reader was before in this life of the hub, if it comes back. */
  readonly token: EventToken | undefined;
  readonly userAgent: string | undefined;
  /** Of the answer. */
  readonly headers: Readonly<Record<string, string>>;
};

const joinBytes = 64 * 1024; // what is told at once; the rest as fast as it is read
const begEveryMs = 4000; // the library's clock for this goes in steps of 4 s
const leastRetryMs = 1000; // readers that were cut off together do not come back together
const mostRetryMs = 4000;
const dismissedRetryMs = 200; // and up to twice as much more: drained readers come one at a time already

export class EventStream implements Paced, Sink, Guest {
  readonly id = sessionId();
  readonly encoding = 'sse';
  readonly connectedAt = performance.now();
  /** The program, as it calls itself. */
  readonly sdk: string | undefined;
  readonly pace: Pace;
  readonly #parts: EventStreamParts;
  readonly #writer: EventWriter;
  readonly #subscription: Subscription;
  /** What waits for the id that comes with the last of it. */
  #events: Buffer[] = [];
  #eventBytes = 0;
  /** Of the hub's publications, those up to here are told, while it is on no stream; undefined: never yet. */
  #ordinal: number | undefined;
  /** Where the reader was when it came, until it has been told of everything since. */
  #cameWith: EventToken | undefined;
  #probedAt: number | undefined;
  #beggedAt = 0;
  #ended: Ledger | undefined;
  /** Why the server ended it; undefined while it did not. */
  #endedFor: CloseReason | undefined;

  /** Throws ProtocolError for a view that makes no sense; then nothing has happened, and the response is the caller's. */
  constructor(res: HttpResponse, { wish, token, userAgent, headers }: EventRequest, parts: EventStreamParts) {
    const { hub, options } = parts;
    this.#parts = parts;
    this.sdk = userAgent;
    this.#ordinal = token?.ordinal;
    this.#cameWith = token;
    this.pace = new Pace(this, options, this.connectedAt);
    this.#subscription = new Subscription({ hub, sink: this, encoding: this.encoding }, wish, false);
    this.#writer = new EventWriter(res, {
      onBlocked: () => this.pace.fall(performance.now(), 'buffer'),
      onWritable: () => this.#writable(),
      onClosed: () => this.#closed(),
      sent: parts.counts.sent.sse,
    });
    this.#writer.begin(headers);
  }

  /** Tells everything up to now; from then on what comes, with no gap between. */
  join(): void {
    const { stream, rate, member } = this.#subscription;
    this.send(retryText(leastRetryMs + Math.random() * (mostRetryMs - leastRetryMs)));
    this.send(eventText('subscribed', { topics: stream.cells.length, stream: stream.number, rate }));
    const outcome = member.join(joinBytes);
    this.#toldAs(outcome);
    if (outcome === 'more') this.pace.fall(performance.now(), 'there is much to tell');
  }

  get remoteAddress(): string {
    return this.#writer.remoteAddress;
  }

  get subscriptionCount(): number {
    return this.#writer.isOpen ? 1 : 0;
  }

  *numberedSubscriptions(): Iterable<readonly [sid: number, Subscription]> {
    if (this.#writer.isOpen) yield [0, this.#subscription];
  }

  /** What became of every publication since it came; adds up at any moment. */
  ledger(): Ledger {
    return this.#ended ?? this.#subscription.ledger();
  }

  /** A few times a second, of who is slow more often. */
  look(now: number): void {
    const { isBlocked } = this.#writer;
    if (isBlocked && now - this.#beggedAt >= begEveryMs) {
      this.#beggedAt = now;
      this.#writer.beg();
    }
    if (!isBlocked) this.#answerProbe(now);
    if (this.pace.step !== 'full') this.pace.look(now);
    if (!isBlocked && now - this.#writer.sentAt >= this.#parts.options.heartbeatMs) this.#writer.heartbeat();
  }

  get isGone(): boolean {
    return !this.#writer.isOpen;
  }

  /** A reader of events has no way to leave by itself: its stream is ended in its moment. */
  warn(): number {
    return 0;
  }

  settle(): 'caught up' | 'more' {
    return this.pace.step === 'full' ? 'caught up' : this.catchUp(joinBytes).outcome;
  }

  dismiss(): void {
    this.hold(); // what its stream gathered in this turn is written now
    this.#flush(this.#token());
    this.#writer.write(retryText(dismissedRetryMs * (1 + 2 * Math.random())));
    this.end();
  }

  /** The server stops. What was written still goes out. */
  end(): void {
    this.#endedFor = 'serviceRestart';
    this.#writer.end();
  }

  /** Browsers come back to whatever ends, and can't be told not to. */
  kick(mayReturn: boolean): void {
    this.#endedFor = mayReturn ? 'tryLater' : 'kicked';
    this.#writer.end();
  }

  /** At once. */
  cut(): void {
    this.#writer.cut();
  }

  send = (message: Uint8Array): void => {
    if (this.#events.length === 0) queueMicrotask(() => this.#flush(this.#token()));
    this.#events.push(Buffer.from(message));
    this.#eventBytes += message.length;
  };

  attach(): void {
    const { channels } = this.#parts;
    const { stream } = this.#subscription;
    channels.join(stream, this.#writer);
    this.#flush(channels.token(stream));
  }

  detach(): void {
    this.#ordinal = this.#parts.channels.leave(this.#subscription.stream, this.#writer);
  }

  bufferedBytes(): number {
    return this.#writer.backlogBytes;
  }

  lastSentAt(): number {
    return this.#writer.sentAt;
  }

  /** HTTP has no ping. What the kernel takes counts as read: how much waits there, nobody can tell. */
  probe(at: number): void {
    this.#probedAt = at;
  }

  /** It only says how long the server itself took. */
  answered(): void {}

  hold(): void {
    this.#subscription.member.hold('slow');
  }

  catchUp(budgetBytes: number): { outcome: 'caught up' | 'more'; bytes: number } {
    const outcome = this.#subscription.member.catchUp(budgetBytes);
    const bytes = this.#eventBytes;
    this.#toldAs(outcome);
    return { outcome, bytes };
  }

  release(): void {
    this.#subscription.member.release();
  }

  tell(step: Step, maxRate: number, reason: string): void {
    this.#flush(undefined);
    this.#writer.write(eventText('rate', { step, maxRate, reason }));
    this.#parts.counts.steps[step]++;
    this.#parts.log.debug({ session: this.id, step, reason }, 'event stream changed its step');
  }

  evict(reason: string): void {
    this.#endedFor = 'slowConsumer';
    const fields = { session: this.id, address: this.remoteAddress, sdk: this.sdk, why: reason };
    this.#parts.problems.report('warn', 'slowEvents', fields, 'a connection was closed: slowConsumer');
    this.cut();
  }

  #toldAs(outcome: CaughtUp): void {
    if (outcome === 'caught up') {
      this.#ordinal = this.#parts.hub.counts.publications;
      this.#cameWith = undefined;
    }
    this.#flush(this.#token());
  }

  #flush(token: string | undefined): void {
    if (this.#events.length === 0) return;
    const events = withId(this.#events, token);
    this.#events = [];
    this.#eventBytes = 0;
    this.#writer.write(events);
  }

  /** Where the reader is, while it is on no stream. */
  #token(): string | undefined {
    if (this.#ordinal === undefined || this.#events.length === 0) return undefined;
    const seqs = new Map(this.#cameWith?.seqs);
    for (const [{ topic }, seq] of this.#subscription.member.positions()) {
      if (topic.kind === 'event') seqs.set(topic.tid, seq);
    }
    return writeToken(this.#parts.hub.epoch, this.#ordinal, seqs, this.#cameWith?.isWhole);
  }

  #answerProbe(now: number): void {
    const at = this.#probedAt;
    if (at === undefined) return;
    this.#probedAt = undefined;
    this.pace.ponged(at, now);
  }

  #writable(): void {
    const now = performance.now();
    this.pace.drained(now);
    this.#answerProbe(now);
  }

  #closed(): void {
    this.#subscription.leave();
    this.#ended = this.#subscription.ledger();
    this.#events = [];
    this.#parts.counts.disconnected(this.#endedFor ?? 'client');
    this.#parts.onClosed(this);
  }
}
