/** One topic within one subscription: how far its subscriber has seen, and what it holds, whatever connections come and go. */

import type { FrameOf, Micros, Position, ServerFrame, TopicCondition } from '../protocol/frames.ts';
import { fromPositions } from '../protocol/schema.ts';
import type { TopicKind } from '../protocol/topic.ts';
import { holdsState, type Intake, intakeOf, type Phase, type Standing, type Trust } from './intake.ts';
import type { Ledger } from './ledger.ts';
import { type Message, removeMessage, type TopicInfo, valueMessage } from './message.ts';
import { Mirror, soleKey, type Values } from './mirror.ts';
import { Progress } from './progress.ts';
import type { Doubt, JoinOutcome, Mark, RouteOwner } from './route-owner.ts';

type Snapshot = FrameOf<ServerFrame, 'snapshot'>;

const patienceMs = 10_000; // a replay that makes no progress for so long, while others on the topic do, has lost something

export class Route {
  readonly owner: RouteOwner;
  readonly #progress = new Progress();
  readonly #mirror = new Mirror();
  #topic: TopicInfo;
  #phase: Phase = 'new';
  #trust: Trust = 'sure';
  #intake: Intake | undefined;
  #condition: TopicCondition = 'live';
  #conditionSince: Micros = 0;
  /** Left out by the server since the last message. */
  #conflated = 0;
  #answeredJoin = 0;
  /** A change of the subscription may be answered by a position without values, where they look as before. */
  #mayComeBare = false;
  /** In other fields than the subscriber was told. */
  #isReshaped = false;
  #overtaken: { readonly seq: number; readonly since: number } | undefined;

  constructor(owner: RouteOwner, topic: TopicInfo) {
    this.owner = owner;
    this.#topic = topic;
  }

  get topic(): TopicInfo {
    return this.#topic;
  }

  get isSettled(): boolean {
    return this.#phase === 'settled';
  }

  /** Whether what is held is the topic's state at the position. */
  get isSure(): boolean {
    return this.#phase === 'settled' && this.#trust === 'sure';
  }

  get isInDoubt(): boolean {
    return this.#trust === 'asked';
  }

  /** Whether it still waits for the snapshot that answers its subscription. */
  get isAwaiting(): boolean {
    return this.owner.isJoining && this.#answeredJoin !== this.owner.joins;
  }

  get condition(): TopicCondition {
    return this.#condition;
  }

  get conditionSince(): Micros {
    return this.#conditionSince;
  }

  get kind(): TopicKind {
    return this.#topic.kind;
  }

  /** The value that a topic with only one has now. */
  value(): unknown {
    const values = this.#mirror.get(soleKey);
    return values && this.#topic.kind === 'latest' ? fromPositions(this.#topic.schema, values) : undefined;
  }

  /** The rows that a table has now. */
  rows(): ReadonlyMap<string, unknown> {
    if (this.#topic.kind !== 'keyed') return new Map();
    return new Map([...this.#mirror].map(([key, values]) => [key, fromPositions(this.#topic.schema, values)]));
  }

  /** Where to go on from on another connection; undefined when the whole state is needed. */
  get position(): Position | undefined {
    const { hasBegun, seq, safeSeq } = this.#progress;
    if (!hasBegun) return undefined;
    if (!holdsState(this.#topic.kind)) return [this.#topic.epoch, seq];
    return this.#trust === 'sure' && this.#phase !== 'gone' ? [this.#topic.epoch, safeSeq] : undefined;
  }

  ledger(): Ledger {
    return this.#progress.ledger();
  }

  /** The connection is gone. */
  down(): void {
    this.#intake = undefined;
    this.#mirror.abandon();
    this.#overtaken = undefined;
    if (this.#phase === 'settled') this.#phase = 'resuming';
  }

  /** The topic is announced: on a new connection, in a new life, or as the subscription sees it after a change. */
  resume(topic: TopicInfo): void {
    const before = this.#topic;
    this.#topic = topic;
    this.#intake = undefined;
    this.#mirror.abandon();
    if (this.#phase !== 'settled' || topic.epoch !== before.epoch) this.#condition = 'live'; // or else it is told again
    if (topic.epoch !== before.epoch) {
      if (this.#phase === 'new') return;
      this.#phase = 'reborn';
      this.#progress.begin(0);
      if (holdsState(topic.kind)) this.#trust = 'awaited';
      this.owner.reborn(topic, before.epoch);
      return;
    }
    if (topic.schema.id !== before.schema.id) {
      this.#mirror.reshape(before.schema, topic.schema);
      this.#isReshaped = true;
      // Not as an answer to a change of ours: its source has other fields now, and what is held is read anew.
      if (this.#phase === 'settled' && holdsState(topic.kind)) this.#doubt();
    }
    if (this.#phase === 'gone') {
      this.#phase = 'resuming';
      this.#trust = 'awaited';
    }
  }

  /** The subscription was changed on this connection. `isRefreshed`: the state is shown otherwise now, and comes anew. */
  changed(isRefreshed: boolean): void {
    if (isRefreshed && holdsState(this.#topic.kind)) this.#trust = 'awaited';
    this.#mayComeBare = true;
  }

  /**
   * True when this publication is news here; it then counts as seen, and the caller delivers it. Without `values` it is
   * a removal. `ahead`: how far any subscription of the connection is on this topic.
   */
  takes(seq: number, key: string | undefined, values: Values | undefined, ahead: number): boolean {
    if (!this.#isNews(seq, seq, ahead)) return false;
    this.#progress.deliver(seq);
    const { kind } = this.#topic;
    if (kind === 'latest' && values !== undefined) {
      this.#mirror.set(soleKey, values);
      this.#trust = 'sure'; // it is the whole state
    } else if (kind === 'keyed' && key !== undefined) {
      if (values === undefined) this.#mirror.delete(key);
      else this.#mirror.set(key, values);
    }
    return true;
  }

  /** The value with the changes in it, when they are news here and fit to what is held. */
  takesPatch({ seq, key = soleKey, changes }: FrameOf<ServerFrame, 'patch'>, ahead: number): Values | undefined {
    if (!this.#isNews(seq, seq, ahead)) return undefined;
    const values = this.#trust === 'sure' ? this.#mirror.patched(key, changes) : undefined;
    if (values === undefined) {
      this.#progress.pass(seq, 'conflated'); // the snapshot that is to come stands for it
      this.#doubt();
      return undefined;
    }
    this.#progress.deliver(seq);
    this.#mirror.set(key, values);
    return values;
  }

  /** Publications that were left out on purpose. */
  mark({ from, to, count, reason, ageMs }: Mark, ahead: number): void {
    if (!this.#isNews(from, to, ahead)) return;
    const first = this.#progress.seq + 1; // the rest came with a copy meant for another subscription
    const fresh = Math.min(count, to - first + 1);
    if (reason === 'filter') {
      this.#progress.pass(to, 'filtered');
    } else {
      this.#progress.skip(to, fresh);
      this.#conflated += fresh;
    }
    this.owner.skipped(this.#topic, { from: first, to, count: fresh, reason, ageMs });
  }

  /** Publications that are lost. */
  gap({ from, to, reason }: FrameOf<ServerFrame, 'gap'>, ahead: number): void {
    if (!this.#isNews(from, to, ahead)) return;
    const first = this.#progress.seq + 1;
    this.#progress.pass(to, 'missed');
    this.owner.lost(this.#topic, first, to, false, reason);
    if (holdsState(this.#topic.kind)) this.#doubt();
  }

  hears({ state, since }: FrameOf<ServerFrame, 'state'>): void {
    this.#condition = state;
    this.#conditionSince = since;
    this.owner.conditionChanged(this);
  }

  /** Hands on a message that was taken, with the number of those left out before it. */
  deliver(message: Message): void {
    if (this.#conflated === 0) {
      this.owner.deliver(message);
      return;
    }
    const conflated = this.#conflated;
    this.#conflated = 0;
    this.owner.deliver({ ...message, conflated });
  }

  /** One part of a snapshot. What the subscriber holds already is not delivered again. */
  snapshot(frame: Snapshot): void {
    this.#intake ??= intakeOf(this.#standing, frame);
    if (this.#intake === 'replace') for (const [values, key] of frame.rows) this.#takeRow(frame, values, key);
    if (!frame.last) return;
    const intake = this.#intake;
    const outcome = this.#outcomeOf(frame);
    this.#intake = undefined;
    this.#mayComeBare = false;
    if (intake === 'replace') this.#replaced(frame);
    else if (intake === 'keep') this.#kept(frame);
    if (this.isAwaiting) this.#answered(outcome);
  }

  /** How likely a snapshot answers this route, among those that wait; more is likelier. */
  fit({ seq, recovered, rows }: Snapshot): number {
    const isAnswer = this.owner.isReturning === (recovered !== undefined);
    const isThere = this.#progress.seq === seq;
    const isAsWanted = this.owner.wantsSnapshot === rows.length > 0;
    return (isAnswer ? 4 : 0) + (isThere ? 2 : 0) + (isAsWanted ? 1 : 0);
  }

  /** Goes on without the snapshot that answers it: another subscription has had it, and is at `reached`. */
  settleAt(reached: number): void {
    const outcome = this.#phase === 'new' ? 'fresh' : 'notRecovered';
    if (this.#phase === 'new') this.#progress.begin(Math.max(0, reached));
    this.#phase = 'settled';
    if (holdsState(this.#topic.kind) && this.#trust !== 'asked') this.#ask();
    this.#answered(outcome);
  }

  /** A connection that should know the topic does not: what it held is gone. True when something had been seen of it. */
  vanish(): boolean {
    this.#mirror.abandon();
    for (const key of this.#mirror.finish()) this.#removed(key, this.#progress.seq, this.owner.serverNow());
    if (this.#phase === 'new' || this.#phase === 'gone') return false;
    this.#phase = 'gone';
    return true;
  }

  /** Compares the state at `seq` with the server's; a difference is a reason for doubt. */
  agrees(seq: number, crc: number, rows: number): boolean {
    const ours = this.#mirror.checksum();
    const isSame = this.isSure && this.#progress.seq === seq && ours.crc === crc && ours.rows === rows;
    if (!isSame && this.#trust !== 'asked') this.#ask();
    return isSame;
  }

  /** The snapshot that was asked for will not come. */
  giveUp(): void {
    if (this.#trust === 'asked') this.#trust = 'awaited';
  }

  /** Asks again for the snapshot that did not come. */
  mend(): void {
    if (this.#phase === 'settled' && this.#trust === 'awaited') this.#ask();
  }

  /** Whether `from` to `to` bring something new; a hole before them has then been dealt with. */
  #isNews(from: number, to: number, ahead: number): boolean {
    if (this.owner.isPaused || to <= this.#progress.seq) return false;
    if (this.#phase !== 'settled' && !this.#settlesWithoutSnapshot(from)) return false;
    if (from > this.#progress.seq + 1) {
      if (this.#isOvertaken(ahead)) return false;
      this.#hole(from - 1);
    }
    this.#mayComeBare = false;
    return true;
  }

  /** A topic that was born after we joined has no snapshot. Before that, what comes is meant for others. */
  #settlesWithoutSnapshot(from: number): boolean {
    const isBirth = from === 1 && this.#phase !== 'resuming';
    if (this.owner.isJoining && !isBirth) return false;
    if (this.#phase === 'resuming') {
      this.#phase = 'settled';
      if (this.#trust !== 'sure') this.#ask();
      return true;
    }
    for (const key of this.#mirror.finish()) this.#removed(key, 0, this.owner.serverNow());
    this.#settle(0);
    this.#trust = 'sure';
    this.#answeredJoin = this.owner.joins; // those who were there when we joined are told of first
    return true;
  }

  /** Another subscription of the connection is further on this topic, so this frame is its, and ours is still to come. */
  #isOvertaken(ahead: number): boolean {
    const { seq } = this.#progress;
    if (ahead <= seq || !this.owner.isDegraded) return false;
    const now = this.owner.elapsed();
    if (this.#overtaken?.seq !== seq) this.#overtaken = { seq, since: now };
    return now - this.#overtaken.since < patienceMs;
  }

  /** Nobody said what became of those up to `to`. */
  #hole(to: number): void {
    const from = this.#progress.seq + 1;
    this.#progress.pass(to, 'missed');
    if (this.#topic.kind === 'event') this.owner.lost(this.#topic, from, to, false);
    else if (holdsState(this.#topic.kind)) this.#doubt();
  }

  #answered(outcome: JoinOutcome): void {
    this.#answeredJoin = this.owner.joins;
    this.owner.caughtUp(outcome);
  }

  #doubt(): void {
    if (this.#trust === 'sure') this.#ask();
  }

  #ask(why: Doubt = 'to repair'): void {
    this.#trust = 'asked';
    this.owner.doubts(this, why);
  }

  get #standing(): Standing {
    const { seq, safeSeq } = this.#progress;
    return {
      kind: this.#topic.kind,
      phase: this.#phase,
      trust: this.#trust,
      seq,
      safeSeq,
      holdsNothing: this.#mirror.isEmpty,
      wantsSnapshot: this.owner.wantsSnapshot,
      isAwaiting: this.isAwaiting,
      mayComeBare: this.#mayComeBare,
    };
  }

  #outcomeOf({ recovered }: Snapshot): JoinOutcome {
    if (this.#phase === 'new' || this.#phase === 'settled' || this.#topic.kind === 'ephemeral') return 'fresh';
    return recovered === true ? 'recovered' : 'notRecovered';
  }

  #takeRow({ seq, ts }: Snapshot, values: Values, key: string | undefined): void {
    const isOtherLife = this.#phase === 'new' || this.#phase === 'reborn';
    const isLater = this.#topic.kind === 'latest' && seq > this.#progress.seq;
    const isNews = isOtherLife || isLater || this.#isReshaped;
    this.#trust = 'awaited'; // until the last part is here
    const isOther = this.#mirror.gather(key ?? soleKey, values);
    if (this.#tells && (isNews || isOther)) this.deliver(valueMessage(this.#topic, seq, ts, key, values, true));
  }

  #replaced({ seq, ts }: Snapshot): void {
    for (const key of this.#mirror.finish()) this.#removed(key, seq, ts);
    this.#settle(seq);
    this.#trust = 'sure';
    this.#isReshaped = false;
  }

  #removed(key: string, seq: number, ts: Micros): void {
    if (this.#tells && this.#topic.kind === 'keyed') this.deliver(removeMessage(this.#topic, seq, ts, key, true));
  }

  /** Who did not want to begin with the state still wants what is set right later. */
  get #tells(): boolean {
    return this.owner.wantsSnapshot || this.#phase === 'settled';
  }

  /** A position alone does not say whether what is held is still right, where it is not known to be. */
  #kept({ seq }: Snapshot): void {
    if (this.#phase === 'new') this.#progress.begin(holdsState(this.#topic.kind) ? 0 : seq);
    this.#phase = 'settled';
    const isBehind = seq > this.#progress.seq;
    if (!holdsState(this.#topic.kind)) {
      if (isBehind) this.#hole(seq);
      return;
    }
    if (isBehind) this.#progress.pass(seq, 'conflated'); // the snapshot that is asked for stands for them
    if (isBehind) this.#ask();
    else if (this.#trust === 'awaited' && !this.#mirror.isEmpty) this.#ask('to be sure');
    else if (this.#trust === 'awaited') this.#trust = 'sure';
  }

  #settle(seq: number): void {
    const phase = this.#phase;
    this.#phase = 'settled';
    if (phase === 'new' || seq < this.#progress.seq) this.#progress.begin(seq);
    this.#jump(seq, phase === 'reborn');
  }

  /** A snapshot stands for everything up to it, except where every publication counts. */
  #jump(to: number, isNewEpoch: boolean): void {
    const from = this.#progress.seq + 1;
    const isEvent = this.#topic.kind === 'event';
    this.#progress.pass(to, holdsState(this.#topic.kind) ? 'conflated' : 'missed');
    if (isEvent && (isNewEpoch || to >= from)) this.owner.lost(this.#topic, from, to, isNewEpoch);
  }
}
