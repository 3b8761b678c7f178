/** One subscriber on one stream: on it while it keeps up, else held off it, with nothing kept for it but positions. */

import type { SkipReason } from '../protocol/index.ts';
import { type Advance, advance } from './advance.ts';
import { begin, type Handover, isOutdated, type Left, type Start, unmetOf } from './beginning.ts';
import type { Cell } from './cell.ts';
import type { Fates } from './fates.ts';
import { FrameWriter } from './frame-writer.ts';
import { conditionFrame, introduction, snapshot } from './introduction.ts';
import { addLedger, emptyLedger, type Ledger } from './ledger.ts';
import { Positions } from './positions.ts';
import type { Stream, Waiting } from './stream.ts';
import type { TopicState } from './topic-state.ts';

/** The connection that a member's messages go to. */
export type Sink = {
  /** Bytes are valid for the call only. */
  send(message: Uint8Array): void;
  /** From now on the channel's messages reach the connection too. */
  attach(channel: string): void;
  /** Messages sent to the channel before this call still arrive. */
  detach(channel: string): void;
};

/** One for all members of a hub. */
export type MemberParts = {
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Sends what all streams hold. */
  readonly flush: () => void;
  /** Rises with each topic that falls silent or speaks again. */
  readonly conditionVersion: () => number;
  /** Those of all members together. */
  readonly fates: Fates;
  /** Kept true to who is off its stream. */
  readonly held: Set<Member>;
};

/** Why a subscriber is off its stream: for its own sake, or until the stream's next beat lets it on. */
type HeldFor = 'slow' | 'paused' | 'settling';
type State =
  | { readonly name: 'on'; readonly base: Ledger }
  | { readonly name: 'held'; readonly why: HeldFor; readonly skips: SkipReason; readonly since: number }
  | { readonly name: 'gone' };

/** `more`: there was no room for all of it. */
export type CaughtUp = 'caught up' | 'more';

const quickWelcomeBytes = 64 * 1024; // more is told as fast as the subscriber reads, so that it fills no memory
const quickWelcomeTopics = 500;

export class Member implements Waiting {
  readonly stream: Stream;
  readonly #sink: Sink;
  readonly #parts: MemberParts;
  readonly #start: Start;
  #state: State;
  /** While held; on the stream, the stream's are its own. */
  readonly #positions: Positions;
  #introduced = 0;
  #told: Set<number> | undefined = new Set();
  #cursor = 0;
  #conditionVersion = 0;
  readonly #own = emptyLedger();

  /** Held from the first, as told by `why`; `join` goes on from there. */
  constructor(stream: Stream, sink: Sink, parts: MemberParts, start: Start, why: HeldFor) {
    this.stream = stream;
    this.#sink = sink;
    this.#parts = parts;
    this.#start = start;
    this.#positions = new Positions(stream.cells.length, stream.view.filter !== undefined);
    this.#state = this.#held(why, this.#skipsAtFirst(why), start.from?.sinceMs);
    for (const [i, cell] of stream.cells.entries()) this.#takeOver(i, cell, start.from?.topics.get(cell.state));
    stream.members++;
    parts.held.add(this);
  }

  get isOn(): boolean {
    return this.#state.name === 'on';
  }

  get isPaused(): boolean {
    return this.#state.name === 'held' && this.#state.why === 'paused';
  }

  /** Whether it is off its stream because it can't keep up, or has not yet been brought up to the present. */
  get isSlow(): boolean {
    return this.#state.name === 'held' && this.#state.why === 'slow';
  }

  /** Tells the topics and their state, then goes on the stream; as much of it as has room in `budgetBytes`. */
  join(budgetBytes: number): CaughtUp {
    if (this.#isFresh() && this.stream.cells.length <= quickWelcomeTopics) {
      const { messages, bytes } = this.stream.welcome(this.#start.withRows);
      if (bytes <= Math.min(budgetBytes, quickWelcomeBytes)) {
        for (const message of messages) this.#sink.send(message);
        this.#isAtPresent();
        this.release();
        return 'caught up';
      }
    }
    const outcome = this.catchUp(budgetBytes);
    if (outcome === 'caught up') this.release();
    return outcome;
  }

  /** Off the stream: from now on nothing is kept for it. Harmless when it is off for the same reason. */
  hold(why: 'slow' | 'paused'): void {
    if (this.#state.name === 'gone') return;
    if (this.#state.name === 'held' && (this.#state.why === 'paused' || this.#state.why === why)) return;
    const since = this.#state.name === 'on' ? this.#stepOff() : this.#state.since;
    this.stream.stopWaiting(this);
    this.#state = this.#held(why, why, since);
  }

  /** While it is off its stream a topic that it knows of went over to another schema. */
  reintroduce(cell: Cell): void {
    const at = this.stream.cells.indexOf(cell);
    if (at < 0 || at >= this.#introduced) return; // it is to be introduced first
    const writer = new FrameWriter(this.stream.codec, this.#sink.send);
    for (const frame of introduction(cell, this.stream.number, new Set())) writer.write(frame);
    writer.flush();
  }

  /** No longer paused, but still held: what it missed is told as such. */
  resume(): void {
    if (this.#state.name === 'held' && this.#state.why === 'paused') this.#state = { ...this.#state, why: 'slow' };
  }

  /** One newest value for each changed topic, missed events in order, every hole announced. */
  catchUp(budgetBytes: number): CaughtUp {
    if (this.#state.name !== 'held' || this.#state.why === 'paused') return 'caught up';
    const writer = new FrameWriter(this.stream.codec, this.#sink.send);
    const by = this.#advanceBy(writer, budgetBytes, this.#state);
    this.#introduceAll(by);
    const isDone = this.#introduced === this.stream.cells.length && this.#advanceAll(by);
    if (isDone) {
      this.#tellConditions(by);
      this.#state = this.#held(this.#state.why, this.#state.why === 'settling' ? 'rate' : 'slow');
    }
    writer.flush();
    this.#account(by);
    return isDone ? 'caught up' : 'more';
  }

  /** Back on the stream, in the same turn in which it caught up; a stream with a rate takes it on at its next beat. */
  release(): void {
    if (this.#state.name !== 'held' || this.#state.why === 'paused') return;
    this.stream.settle();
    if (!this.stream.isSettled) {
      this.#state = this.#held('settling', 'rate');
      this.stream.wait(this);
      return;
    }
    this.#stepOn();
  }

  /** The stream has told everything: a moment to go on it. */
  settle(): void {
    if (this.#state.name !== 'held' || this.#state.why !== 'settling') return;
    this.catchUp(Number.POSITIVE_INFINITY);
    this.#stepOn();
  }

  /** Events are not held back by the rate of a stream, so neither are they for who waits for its next beat. */
  keepUp(): void {
    if (this.#state.name !== 'held' || this.#state.why !== 'settling') return;
    const writer = new FrameWriter(this.stream.codec, this.#sink.send);
    const by = this.#advanceBy(writer, Number.POSITIVE_INFINITY, this.#state);
    this.#introduceAll(by);
    for (const [i, cell] of this.stream.cells.entries()) {
      if (cell.state.topic.kind === 'event' && cell.state.seq > this.#positions.seqAt(i)) this.#advance(i, cell, by);
    }
    writer.flush();
    this.#account(by);
  }

  /**
   * Tells everything of one topic up to now and returns how the stream shows it; undefined when it does not carry it,
   * or the member is paused.
   */
  bringUp(topic: TopicState): Cell | undefined {
    const cell = this.stream.cellOf(topic);
    if (cell === undefined || this.#state.name === 'gone' || this.isPaused) return undefined;
    if (this.#state.name === 'on') {
      this.#parts.flush();
      this.stream.settle();
      if (this.stream.isSettled) return cell;
      this.#state = this.#held('settling', 'rate', this.#stepOff());
      this.stream.wait(this);
    }
    this.catchUp(Number.POSITIVE_INFINITY);
    return cell;
  }

  /** Tells the whole state of one topic, in place of what the subscriber holds. False: see bringUp. */
  refresh(topic: TopicState): boolean {
    const cell = this.bringUp(topic);
    if (cell === undefined) return false;
    const writer = new FrameWriter(this.stream.codec, this.#sink.send);
    for (const part of snapshot(cell)) writer.write(part);
    writer.flush();
    return true;
  }

  /** How far each topic was told. */
  positions(): Map<TopicState, number> {
    const positions = new Map<TopicState, number>();
    for (const [i, cell] of this.stream.cells.entries()) {
      const seq = this.#state.name === 'held' ? this.#positions.at(i)?.seq : cell.sentSeq;
      if (seq !== undefined) positions.set(cell.state, seq);
    }
    return positions;
  }

  /** Where it leaves off, for the member that takes its place; it must be held. */
  handOver(): Handover {
    if (this.#state.name !== 'held') throw new Error(`a member that is ${this.#state.name} can not hand over`);
    const topics = new Map<TopicState, Left>();
    for (const [i, cell] of this.stream.cells.entries()) {
      const reached = this.#positions.at(i);
      // Born meanwhile and never heard of: its events are still owed, of any other kind the present will do.
      const isNews = i >= Math.max(this.#introduced, this.#positions.joinedWith) && cell.state.topic.kind !== 'event';
      if (reached === undefined || isNews) continue;
      topics.set(cell.state, {
        seq: reached.seq,
        filtered: cell.filteredSeen - reached.filtered,
        newest: cell.newest,
        isOutdated: i >= this.#introduced && isOutdated(cell, this.#start),
      });
    }
    const unmet = this.#introduced < this.#positions.joinedWith ? unmetOf(this.#start) : undefined;
    return { topics, sinceMs: this.#state.since, skips: this.#state.skips, unmet };
  }

  /** What became of every publication since it joined; adds up at any moment. */
  ledger(): Ledger {
    const sum = addLedger(emptyLedger(), this.#own);
    if (this.#state.name === 'on') {
      const { base } = this.#state;
      addLedger(sum, this.stream.ledger());
      for (const name of counted) sum[name] -= base[name];
    } else {
      const { pending } = this;
      sum.published += pending;
      sum.pending += pending;
    }
    return sum;
  }

  /** Publications that it was not told of, while it is off its stream. */
  get pending(): number {
    return this.#state.name === 'held' ? this.#positions.pending(this.stream.cells) : 0;
  }

  /** The end; what was not yet told does not count. */
  leave(): void {
    if (this.#state.name === 'gone') return;
    if (this.#state.name === 'on') this.#stepOff();
    this.stream.stopWaiting(this);
    this.stream.members--;
    this.#parts.held.delete(this);
    this.#state = { name: 'gone' };
    this.#positions.forget();
  }

  /** Who takes over and is not slow was only waiting for a beat, or paused. */
  #skipsAtFirst(why: HeldFor): SkipReason {
    const { from } = this.#start;
    if (why === 'paused' || from?.skips === 'paused') return 'paused';
    return why === 'settling' && from !== undefined ? 'rate' : 'slow';
  }

  #takeOver(i: number, cell: Cell, left: Left | undefined): void {
    this.#positions.set(i, left && { seq: left.seq, filtered: cell.filteredSeen - left.filtered });
    if (this.#start.refresh !== true) cell.learn(left?.newest);
  }

  #isFresh(): boolean {
    const { since, from } = this.#start;
    const isNew = since === undefined && from === undefined && this.#introduced === 0 && !this.isPaused;
    return isNew && this.stream.cells.length === this.#positions.joinedWith;
  }

  #held(why: HeldFor, skips: SkipReason, since = this.#parts.now()): State {
    return { name: 'held', why, skips, since };
  }

  #stepOn(): void {
    this.#sink.attach(this.stream.channel);
    this.stream.attached++;
    this.#parts.held.delete(this);
    this.#state = { name: 'on', base: this.stream.ledger() };
    this.#positions.forget();
    this.#told = undefined;
  }

  /**
   * What the stream has said so far still reaches the subscriber; positions say where that ends. Returns since when
   * something is untold.
   */
  #stepOff(): number {
    this.#parts.flush();
    const base = this.#state.name === 'on' ? this.#state.base : this.stream.ledger();
    const now = this.stream.ledger();
    for (const name of counted) this.#own[name] += now[name] - base[name];
    this.#own.published -= this.#own.pending; // still to come: counted once it is told
    this.#own.pending = 0;
    this.#sink.detach(this.stream.channel);
    this.stream.attached--;
    this.#parts.held.add(this);
    const { cells } = this.stream;
    this.#positions.setToTold(cells);
    this.#introduced = cells.length;
    this.#conditionVersion = this.#parts.conditionVersion();
    this.#cursor = 0;
    return this.stream.pendingSince ?? this.#parts.now();
  }

  #isAtPresent(): void {
    const { cells } = this.stream;
    this.#positions.setToPresent(cells);
    this.#introduced = cells.length;
    this.#conditionVersion = this.#parts.conditionVersion();
  }

  #introduceAll(by: Advance): void {
    const { cells, number } = this.stream;
    if (this.#introduced === 0) this.#conditionVersion = this.#parts.conditionVersion();
    for (; this.#introduced < cells.length && !by.isFull(); this.#introduced++) {
      const i = this.#introduced;
      const cell = cells[i];
      if (cell === undefined) return;
      this.#told ??= new Set();
      for (const frame of introduction(cell, number, this.#told)) by.write(frame);
      const isBorn = i >= this.#positions.joinedWith;
      const reached = isBorn ? { seq: 0, filtered: 0 } : begin(cell, this.#start, this.#positions.at(i), by);
      this.#positions.set(i, reached);
      if (cell.state.staleSince !== undefined) by.write(conditionFrame(cell));
    }
  }

  /** Round and round, so that a subscriber with little room gets each topic in its turn. True when all are at the present. */
  #advanceAll(by: Advance): boolean {
    const { cells } = this.stream;
    for (let left = cells.length; left > 0; left--) {
      if (this.#cursor >= cells.length) this.#cursor = 0;
      const i = this.#cursor;
      const cell = cells[i];
      if (cell !== undefined && cell.state.seq > this.#positions.seqAt(i)) {
        if (by.isFull()) return false;
        this.#advance(i, cell, by);
        if (this.#positions.seqAt(i) < cell.state.seq) return false;
      }
      this.#cursor++;
    }
    return true;
  }

  /** Which topics fell silent or spoke again while it was away. */
  #tellConditions(by: Advance): void {
    const version = this.#parts.conditionVersion();
    if (version === this.#conditionVersion) return;
    for (const cell of this.stream.cells) {
      if (cell.state.conditionVersion > this.#conditionVersion) by.write(conditionFrame(cell));
    }
    this.#conditionVersion = version;
  }

  #advance(i: number, cell: Cell, by: Advance): void {
    const reached = this.#positions.at(i);
    if (reached === undefined) return; // it is to be introduced first
    advance(cell, reached, by);
    this.#positions.set(i, reached);
  }

  #advanceBy(writer: FrameWriter, budgetBytes: number, { skips, since }: State & { name: 'held' }): Advance {
    return {
      write: (frame) => {
        if (frame.op === 'snapshot') this.#parts.fates.addRecovery(frame);
        writer.write(frame);
      },
      isFull: () => writer.bytes >= budgetBytes,
      reason: skips,
      ageMs: Math.round(this.#parts.now() - since),
      ledger: emptyLedger(),
    };
  }

  #account({ ledger, reason }: Advance): void {
    addLedger(this.#own, ledger);
    this.#parts.fates.add(ledger, reason);
  }
}

const counted = ['published', 'delivered', 'conflated', 'filtered', 'missed', 'pending'] as const;
