/** One subscription, kept alive over connections: its wishes, its topics, and where it stands with the server. */

import type {
  Change,
  FrameOf,
  GapReason,
  Micros,
  Position,
  ServerFrame,
  Since,
  SubscriptionRequest,
  ViewRequest,
} from '../protocol/frames.ts';
import { matches } from '../protocol/topic.ts';
import { changed } from '../protocol/view-request.ts';
import type { Desk } from './desk.ts';
import { TickwireError, textOf } from './errors.ts';
import { Join, type JoinReason } from './join.ts';
import { emptyLedger, type Ledger, sumOf } from './ledger.ts';
import type { Message, TopicInfo } from './message.ts';
import type { Quality } from './quality.ts';
import { QualityWatch } from './quality-watch.ts';
import { Recipient } from './recipient.ts';
import { Route } from './route.ts';
import type { Doubt, JoinOutcome, Mark, RouteOwner } from './route-owner.ts';
import { resuming } from './subscribe-frames.ts';
import type { Granted, Subscription, SubscriptionChange, Verification } from './subscription.ts';
import { Verifier } from './verifier.ts';
import { looksDifferent, readChangedWishes } from './wishes.ts';

export type SubscriptionParts = {
  readonly id: number;
  readonly pattern: string;
  readonly listener: ((message: Message) => unknown) | undefined;
  readonly wantsSnapshot: boolean;
  readonly maxBufferedEvents: number;
  readonly view: ViewRequest;
  readonly since: Since | undefined;
  readonly verifyEveryMs: number | undefined;
};

type Served = FrameOf<ServerFrame, 'subscribed'>;

/** `down`: the server has not answered on this connection. */
type Phase =
  | { readonly name: 'down' }
  | { readonly name: 'up'; readonly join: Join; readonly stream: number }
  | { readonly name: 'over' };

export class LiveSubscription implements Subscription, RouteOwner {
  readonly ready: Subscription['ready'];
  joins = 0;
  repairs = 0;
  isPaused = false;
  readonly #parts: SubscriptionParts;
  readonly #desk: Desk;
  readonly #recipient: Recipient;
  readonly #verifier: Verifier;
  readonly #quality: QualityWatch;
  readonly #routes = new Map<string, Route>();
  #phase: Phase = { name: 'down' };
  /** It was up to date once, so there is something to go on from. */
  #hasBegun = false;
  /** What the server has taken. */
  #view: ViewRequest;
  #wantsPause = false;
  #maxRate = 0;
  #settleReady: Settle | undefined;

  constructor(parts: SubscriptionParts, desk: Desk) {
    this.#parts = parts;
    this.#desk = desk;
    this.#view = parts.view;
    this.#recipient = new Recipient({ ...parts, blame: (message, cause) => this.#blame(message, cause) });
    this.#quality = new QualityWatch(this.pattern, desk);
    this.#verifier = new Verifier({
      sid: parts.id,
      routes: this.#routes,
      everyMs: parts.verifyEveryMs,
      time: desk.time,
      ask: (question) => desk.ask({ ...question, owner: this }),
      repaired: (topic) => this.#repaired(topic),
      failed: (why) => desk.report(new TickwireError(why, why.message, { cause: why, pattern: this.pattern })),
    });
    this.ready = new Promise((resolve, reject) => {
      this.#settleReady = { resolve, reject };
    });
    this.ready.catch(() => {}); // who does not look at it hears of a refusal through the `error` event
  }

  get id(): number {
    return this.#parts.id;
  }

  get pattern(): string {
    return this.#parts.pattern;
  }

  get isReturning(): boolean {
    return this.#phase.name === 'up' && this.#phase.join.reason === 'returned';
  }

  get wantsSnapshot(): boolean {
    return this.#parts.wantsSnapshot;
  }

  get isDegraded(): boolean {
    return this.#desk.isDegraded;
  }

  get isJoining(): boolean {
    return this.#phase.name === 'up' && !this.#phase.join.isComplete;
  }

  /** It is served, and its resumption has to be told to be paused. */
  get wantsPause(): boolean {
    return this.#wantsPause;
  }

  get state(): Quality {
    return this.#quality.ofAll(this.#isUpToDate, this.#routes);
  }

  stateOf(topic: string): Quality | undefined {
    const route = this.#routes.get(topic);
    return route && this.#quality.of(route, this.#isUpToDate);
  }

  get(topic: string): unknown {
    return this.#routes.get(topic)?.value();
  }

  rows(topic: string): ReadonlyMap<string, unknown> {
    return this.#routes.get(topic)?.rows() ?? new Map();
  }

  ledger(topic?: string): Ledger {
    if (topic === undefined) return sumOf([...this.#routes.values()].map((route) => route.ledger()));
    return this.#routes.get(topic)?.ledger() ?? emptyLedger;
  }

  async change(wanted: SubscriptionChange): Promise<Granted> {
    const change = readChangedWishes(wanted);
    this.#mustGoOn();
    return new Promise((resolve, reject) => {
      this.#desk.askInTurn({
        about: `change of ${this.pattern}`,
        frame: (id) => ({ op: 'change', id, sid: this.id, change }),
        answered: (answer) => {
          if (answer.op === 'subscribed') this.#changed(change, answer);
          resolve({ maxRate: this.#maxRate });
        },
        failed: (why) => reject(new TickwireError(why, why.message, { cause: why, pattern: this.pattern })),
        owner: this,
      });
    });
  }

  pause(): Promise<Granted> {
    return this.change({ paused: true });
  }

  resume(): Promise<Granted> {
    return this.change({ paused: false });
  }

  async verify(topic: string): Promise<Verification> {
    this.#mustGoOn();
    const route = this.#routes.get(topic);
    if (route !== undefined) return this.#verifier.verify(route);
    throw new TickwireError('unknownTopic', `${this.pattern} has no topic ${JSON.stringify(topic)}`);
  }

  unsubscribe(): void {
    if (this.#phase.name === 'over') return;
    this.#desk.leave(this);
    this.#finish(new TickwireError('closed', `${this.pattern} was unsubscribed`, { pattern: this.pattern }));
    this.#recipient.discard();
  }

  [Symbol.asyncIterator](): AsyncIterator<Message, undefined> {
    return this.#recipient.read(() => this.unsubscribe());
  }

  /** What to ask a server for: at first as the program said, later behind what was seen. */
  request(): SubscriptionRequest {
    const { id: sid, pattern, since } = this.#parts;
    const wantsRows = this.wantsSnapshot || this.#view.delta === true; // changes need something to be applied to
    const request = { sid, pattern, ...(!wantsRows && { snapshot: false }), ...this.#view };
    if (this.#hasBegun) return resuming(request, this.#positions());
    return since === undefined ? request : { ...request, since };
  }

  /** The server took it: snapshots of this many topics come next. */
  subscribed(served: Served): void {
    if (this.#phase.name === 'up') this.#changed({ paused: this.#wantsPause }, served);
    else if (this.#phase.name === 'down') this.#enter(served, this.#hasBegun ? 'returned' : 'begun');
  }

  /** The server has told all that it owed: a snapshot that is still missing went to another subscription. */
  allCame(): void {
    const phase = this.#phase;
    if (phase.name !== 'up' || phase.join.isComplete || this.isPaused) return;
    for (const [topic, route] of this.#routes) {
      const reached = route.isAwaiting ? this.#desk.reached(phase.stream, topic) : undefined;
      if (reached !== undefined) route.settleAt(reached);
    }
    if (phase.join.isComplete) return;
    phase.join.finish();
    this.#completeIfDone(phase);
  }

  /** The connection is gone; what was seen is remembered. */
  down(): void {
    if (this.#phase.name === 'over') return;
    this.#phase = { name: 'down' };
    this.isPaused = false;
    this.#quality.forget();
    for (const route of this.#routes.values()) route.down();
    this.tellQuality();
  }

  /** The end, not wanted by the subscriber. */
  fail(why: TickwireError): void {
    this.#finish(why);
    this.#recipient.end(why);
  }

  /** The end, wanted by the subscriber; what waits in the inbox may still be read. */
  close(why: TickwireError): void {
    this.#finish(why);
    this.#recipient.end();
  }

  routeTo(topic: TopicInfo): Route | undefined {
    if (topic.name !== this.pattern && !matches(this.pattern, topic.name)) return undefined;
    const known = this.#routes.get(topic.name);
    if (known !== undefined) {
      known.resume(topic);
      return known;
    }
    const route = new Route(this, topic);
    this.#routes.set(topic.name, route);
    return route;
  }

  /** Tells what changed of its quality since it was last told. */
  tellQuality(): void {
    if (this.#phase.name !== 'over') this.#quality.tell(this.#isUpToDate, this.#routes);
  }

  /** This topic fell silent, or speaks again. */
  conditionChanged(route: Route): void {
    this.#quality.note(route);
    this.#desk.touched(this);
  }

  elapsed(): number {
    return this.#desk.time.elapsed();
  }

  serverNow(): Micros {
    return this.#desk.serverNow();
  }

  deliver(message: Message): void {
    if (this.#phase.name !== 'over') this.#recipient.take(message);
  }

  lost({ name, epoch }: TopicInfo, fromSeq: number, toSeq: number, isNewEpoch: boolean, reason?: GapReason): void {
    const gap = { topic: name, pattern: this.pattern, epoch, fromSeq, toSeq, isNewEpoch };
    this.#desk.emit('gap', reason === undefined ? gap : { ...gap, reason });
  }

  skipped({ name: topic }: TopicInfo, mark: Mark): void {
    this.#desk.emit('skipped', { topic, pattern: this.pattern, ...mark });
  }

  reborn({ name: topic, epoch: after }: TopicInfo, before: string): void {
    this.#desk.emit('epoch', { topic, pattern: this.pattern, before, after });
  }

  doubts(route: Route, why: Doubt): void {
    if (this.#phase.name === 'up') this.#verifier.repair(route, why);
  }

  caughtUp(outcome: JoinOutcome): void {
    if (this.#phase.name !== 'up') return;
    this.#phase.join.count(outcome);
    this.#completeIfDone(this.#phase);
  }

  #enter(served: Served, reason: JoinReason): void {
    const { topics, stream, rate } = served;
    const join = new Join(reason, topics);
    this.joins++;
    this.#maxRate = rate;
    this.#phase = { name: 'up', join, stream };
    this.#desk.follow(this, stream);
    if (this.#phase.join === join) this.#completeIfDone(this.#phase);
  }

  #changed(change: Change, served: Served): void {
    if (this.#phase.name !== 'up') return;
    const { stream, join } = this.#phase;
    const before = this.#view;
    this.#view = changed(before, change);
    this.#wantsPause = change.paused ?? this.#wantsPause;
    this.isPaused = this.#wantsPause;
    this.#maxRate = served.rate;
    if (served.stream === stream) {
      for (const route of this.isPaused ? [] : this.#routes.values()) route.mend();
      return;
    }
    const isRefreshed = looksDifferent(before, this.#view);
    for (const route of this.#routes.values()) route.changed(isRefreshed);
    this.#enter(served, join.isComplete ? 'changed' : join.reason);
  }

  #completeIfDone({ join, stream }: Phase & { name: 'up' }): void {
    if (!join.isComplete) return;
    for (const [topic, route] of this.#routes) {
      if (this.#desk.reached(stream, topic) === undefined && route.vanish()) join.notRecovered++;
    }
    const { topics, recovered, notRecovered, reason } = join;
    this.#hasBegun = true;
    this.#desk.touched(this);
    if (reason === 'returned') {
      this.#desk.emit('recovered', { pattern: this.pattern, topics, recovered, notRecovered });
    }
    this.#settleReady?.resolve({ topics, maxRate: this.#maxRate });
  }

  /** A change leaves what is shown right until the new view of it comes. */
  get #isUpToDate(): boolean {
    if (this.#phase.name !== 'up') return false;
    return this.#phase.join.isComplete || this.#phase.join.reason === 'changed';
  }

  /** Events first: of other topics the present state is as good. */
  *#positions(): Iterable<readonly [string, Position]> {
    for (const isEvent of [true, false]) {
      for (const [topic, { position, kind }] of this.#routes) {
        if ((kind === 'event') === isEvent && position !== undefined) yield [topic, position];
      }
    }
  }

  #repaired(topic: string): void {
    this.repairs++;
    this.#desk.emit('repaired', { topic, pattern: this.pattern });
  }

  #mustGoOn(): void {
    if (this.#phase.name !== 'over') return;
    throw new TickwireError('closed', `${this.pattern}: the subscription is over`, { pattern: this.pattern });
  }

  #finish(why: TickwireError): void {
    this.#phase = { name: 'over' };
    this.#verifier.stop();
    this.#routes.clear();
    this.#settleReady?.reject(why); // without effect where it is settled
  }

  #blame({ topic }: Message, cause: unknown): void {
    const message = `the listener of ${this.pattern} failed on ${topic}: ${textOf(cause)}`;
    this.#desk.report(new TickwireError('listenerFailed', message, { cause, pattern: this.pattern }));
  }
}

type Settle = {
  resolve(value: Awaited<Subscription['ready']>): void;
  reject(why: TickwireError): void;
};
