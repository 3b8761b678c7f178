/** The server's side of one connected client. */

import { addLedger, emptyLedger, isPlain, type Ledger } from '../bus/index.ts';
import {
  type Change,
  type CloseReason,
  closeCodes,
  type Encoding,
  type ErrorReason,
  errorCodes,
  ProtocolError,
  type ServerFrame,
} from '../protocol/index.ts';
import { ByteBudget } from './byte-budget.ts';
import type { Guest } from './drain.ts';
import { graceMs } from './drain-slots.ts';
import { Pace, type Paced } from './pace.ts';
import type { ServerParts } from './parts.ts';
import { peerAddress } from './peer-address.ts';
import { sessionId } from './session-id.ts';
import { SocketSink } from './socket-sink.ts';
import { Subscription, type SubscriptionWish } from './subscription.ts';
import type { WebSocket } from './uws.ts';

/** What a socket carries from its upgrade on. */
export type SocketData = {
  readonly encoding: Encoding;
  /** Subscriptions named in the URL: such a client need not say HELLO. */
  readonly wishes: readonly SubscriptionWish[];
  session: Session | undefined;
};
export type Socket = WebSocket<SocketData>;

type State = 'greeting' | 'open' | 'closed';

const joinBytes = 64 * 1024; // what a joining subscription may be told at once; the rest as fast as the client reads

export class Session implements Paced, Guest {
  /** Random; the name that WELCOME and the log know it by. */
  readonly id = sessionId();
  readonly encoding: Encoding;
  readonly connectedAt = performance.now();
  /** As the client calls itself. */
  sdk: string | undefined;
  readonly pace: Pace;
  #state: State;
  /** Why the server closed it; undefined while it did not. */
  closedFor: CloseReason | undefined;
  #errors = 0;
  #reports: { readonly everyMs: number; lastAt: number | undefined } | undefined;
  #subscriptions: Map<number, Subscription> | undefined; // made with the first one: idle connections stay small
  /** What became of publications on subscriptions that ended. */
  #ended: Ledger | undefined;
  readonly #sink: SocketSink;
  readonly #socket: Socket;
  readonly #parts: ServerParts;

  constructor(socket: Socket, state: 'greeting' | 'open', parts: ServerParts) {
    this.#socket = socket;
    this.#sink = new SocketSink(socket, parts.options.compressFromBytes, parts.counts.sent.websocket);
    this.encoding = socket.getUserData().encoding;
    this.#state = state;
    this.#parts = parts;
    this.pace = new Pace(this, parts.options, this.connectedAt);
  }

  get state(): State {
    return this.#state;
  }

  /** Monotonic milliseconds of the last message sent to this session alone. */
  get sentAt(): number {
    return this.#sink.sentAt;
  }

  /** Monotonic milliseconds of the last message to this session, alone or through one of its streams. */
  lastSentAt(): number {
    let last = this.#sink.sentAt;
    for (const { stream, member } of this.subscriptions()) {
      if (member.isOn && stream.lastSentAt > last) last = stream.lastSentAt;
    }
    return last;
  }

  /** HELLO was said. */
  open(sdk: string | undefined): void {
    if (this.#state === 'greeting') this.#state = 'open';
    this.sdk = sdk;
  }

  /** It wants no more than this, whatever it subscribes to. */
  limitTo(bytesPerSec: number): void {
    const now = performance.now();
    this.pace.limitTo(new ByteBudget(bytesPerSec, now), now);
  }

  /** It was asked to say what it sees, so often. */
  askForReports(everyMs: number): void {
    this.#reports = { everyMs, lastAt: undefined };
  }

  /**
   * Milliseconds that a report may speak of: since the last one, or since the beginning. Timers of clients are late and
   * early, so half of what was asked for is soon enough.
   */
  reportSpanMs(now: number): number | 'too soon' | 'unasked' {
    const reports = this.#reports;
    if (reports === undefined) return 'unasked';
    if (reports.lastAt !== undefined && now - reports.lastAt < reports.everyMs / 2) return 'too soon';
    const spanMs = now - (reports.lastAt ?? this.connectedAt);
    reports.lastAt = now;
    return spanMs;
  }

  get subscriptionCount(): number {
    return this.#subscriptions?.size ?? 0;
  }

  subscription(sid: number): Subscription | undefined {
    return this.#subscriptions?.get(sid);
  }

  subscriptions(): Iterable<Subscription> {
    return this.#subscriptions?.values() ?? [];
  }

  /** The same, by the number that the client knows each by. */
  numberedSubscriptions(): Iterable<readonly [sid: number, Subscription]> {
    return this.#subscriptions?.entries() ?? [];
  }

  /** SUBSCRIBED first, then everything up to now, then what comes, with no gap between. Throws ProtocolError. */
  subscribe(id: number, sid: number, wish: SubscriptionWish): void {
    const { hub } = this.#parts;
    this.#mustHaveRoom(wish.view, wish.patterns, undefined);
    const subscription = new Subscription({ hub, sink: this.#sink, encoding: this.encoding }, wish, this.#isSlow);
    this.#subscriptions ??= new Map();
    this.#subscriptions.set(sid, subscription);
    this.#sayServed(id, sid, subscription, subscription.stream.cells.length);
    this.#join(subscription);
  }

  /** Throws ProtocolError, and changes nothing, for a view that makes no sense. */
  change(id: number, sid: number, subscription: Subscription, change: Change): void {
    this.#mustHaveRoom(change, subscription.patterns, subscription);
    const outcome = subscription.change(change, this.#isSlow);
    this.#sayServed(id, sid, subscription, outcome === 'same' ? 0 : subscription.stream.cells.length);
    if (!subscription.member.isPaused) this.#join(subscription);
  }

  /** False when there is no such subscription. */
  unsubscribe(sid: number): boolean {
    const subscription = this.#subscriptions?.get(sid);
    if (subscription === undefined) return false;
    this.#subscriptions?.delete(sid);
    this.#ended = addLedger(this.#ended ?? emptyLedger(), subscription.leave());
    return true;
  }

  kick(mayReturn: boolean): void {
    this.close(mayReturn ? 'tryLater' : 'kicked', 'closed by an administrator');
  }

  /** The client is told as of a subscription that was refused, so it does not ask for it again. */
  endSubscription(sid: number): boolean {
    if (!this.unsubscribe(sid)) return false;
    this.refuse(null, 'forbidden', 'the subscription was ended by an administrator', sid);
    return true;
  }

  /** What became of every publication that it was subscribed to; adds up at any moment. */
  ledger(): Ledger {
    const sum = addLedger(emptyLedger(), this.#ended ?? emptyLedger());
    for (const subscription of this.subscriptions()) addLedger(sum, subscription.ledger());
    return sum;
  }

  send(frame: ServerFrame): void {
    if (this.#state === 'closed') return;
    const bytes = this.#parts.hub.codec(this.encoding).encode(frame);
    this.#sink.send(this.encoding === 'json-batch' ? Buffer.concat([openBracket, bytes, closeBracket]) : bytes);
  }

  /** Answers a request that can't be met. An id of null: the request could not be read. */
  refuse(id: number | null, reason: ErrorReason, message: string, sid?: number): void {
    this.#parts.counts.errorsSent[reason]++;
    const frame = { op: 'error', id, ...errorCodes[reason], message } as const;
    this.send(sid === undefined ? frame : { ...frame, sid });
  }

  /** Counts a frame that could not be read, and gives the client up when there were too many. */
  countError(): void {
    this.#errors++;
    const { maxErrors } = this.#parts.options;
    if (this.#errors < maxErrors) return;
    this.#parts.counts.limitHits.maxErrors++;
    this.close('tooManyErrors', `${this.#errors} frames could not be read`);
  }

  bufferedBytes(): number {
    return this.#state === 'closed' ? 0 : this.#socket.getBufferedAmount();
  }

  get remoteAddress(): string {
    return this.#state === 'closed' ? '' : peerAddress(this.#socket);
  }

  probe(at: number): void {
    if (this.#state === 'closed') return;
    probeView.setFloat64(0, at);
    this.#socket.ping(probeBytes);
  }

  answered(roundTripMs: number): void {
    this.#parts.counts.probes.observe(roundTripMs / 1000);
  }

  hold(): void {
    for (const { member } of this.subscriptions()) member.hold('slow');
  }

  catchUp(budgetBytes: number): { outcome: 'caught up' | 'more'; bytes: number } {
    const before = this.#sink.bytes;
    let outcome: 'caught up' | 'more' = 'caught up';
    for (const { member } of this.#inTurns()) {
      const left = budgetBytes - (this.#sink.bytes - before);
      if (left <= 0 || member.catchUp(left) === 'more') outcome = 'more';
      if (left <= 0) break;
    }
    return { outcome, bytes: this.#sink.bytes - before };
  }

  release(): void {
    for (const { member } of this.subscriptions()) member.release();
  }

  tell(step: 'full' | 'conflated' | 'limited', maxRate: number, reason: string): void {
    this.send({ op: 'rate', step, maxRate, reason });
    this.#parts.counts.steps[step]++;
    this.#parts.log.debug({ session: this.id, step, reason }, 'session changed its step');
  }

  evict(reason: string): void {
    this.close('slowConsumer', reason);
  }

  /** Ends the connection with a code from the table. Twice is harmless. */
  close(reason: CloseReason, text: string = reason): void {
    if (this.#state === 'closed') return;
    if (this.closedFor === undefined && faults.has(reason)) this.#tellFault(reason, text);
    this.closedFor ??= reason;
    this.#socket.end(closeCodes[reason].code, text);
  }

  get isGone(): boolean {
    return this.#state === 'closed';
  }

  warn(slotMs: number, deadlineMs: number): number {
    this.send({ op: 'drain', slotMs, deadlineMs });
    return graceMs;
  }

  settle(): 'caught up' | 'more' {
    return this.#isSlow ? this.catchUp(joinBytes).outcome : 'caught up';
  }

  dismiss(): void {
    this.close('serviceRestart', 'the server is stopping');
  }

  /** The socket is gone: lets go of every stream. */
  closed(): void {
    this.#state = 'closed';
    this.#sink.close();
    for (const subscription of this.subscriptions()) subscription.leave();
    this.#subscriptions = undefined;
  }

  #tellFault(reason: CloseReason, text: string): void {
    const { id, sdk, remoteAddress: address } = this;
    const fields = { session: id, address, sdk, lagMs: Math.round(this.pace.lagMs(performance.now())), why: text };
    this.#parts.problems.report('warn', reason, fields, `a connection was closed: ${reason}`);
  }

  get #isSlow(): boolean {
    return this.pace.step !== 'full';
  }

  /** Throws ProtocolError where a view would make the session watch too many topics through views of its own. */
  #mustHaveRoom(wish: Change, patterns: readonly string[], changed: Subscription | undefined): void {
    if (isPlain(wish)) return;
    const { hub, options } = this.#parts;
    let topics = patterns.reduce((sum, pattern) => sum + hub.topicsSelectedBy(pattern).length, 0);
    for (const subscription of this.subscriptions()) {
      if (subscription !== changed && subscription.stream.number !== 0) topics += subscription.stream.cells.length;
    }
    if (topics <= options.maxViewTopics) return;
    this.#parts.counts.limitHits.maxViewTopics++;
    const limit = `${options.maxViewTopics} topics through views (maxViewTopics)`;
    throw new ProtocolError('limit', `a connection may watch ${limit}, this would make it ${topics}`);
  }

  #sayServed(id: number, sid: number, { stream, rate }: Subscription, topics: number): void {
    this.send({ op: 'subscribed', id, sid, topics, stream: stream.number, rate });
  }

  /** A slow session goes on in its own time. */
  #join({ member }: Subscription): void {
    if (this.#isSlow || member.isOn) return;
    if (member.join(joinBytes) === 'more') this.pace.fall(performance.now(), 'there is much to tell');
  }

  /** Another one first each time, so that none has to wait for the others for ever. */
  *#inTurns(): Iterable<Subscription> {
    const all = this.#subscriptions;
    if (all === undefined) return;
    for (const [sid, subscription] of [...all]) {
      all.delete(sid);
      all.set(sid, subscription);
      yield subscription;
    }
  }
}

/** Of these somebody may want to hear: a client that is slow, or does not speak as it should. */
const faults: ReadonlySet<CloseReason> = new Set([
  'noHello',
  'slowConsumer',
  'protocolError',
  'undecodable',
  'tooManyErrors',
  'wrongEncoding',
]);

const openBracket = Buffer.from('[');
const closeBracket = Buffer.from(']');
const probeBytes = new ArrayBuffer(8);
const probeView = new DataView(probeBytes);
