import {
  addLedger,
  emptyLedger,
  imbalance,
  type Ledger,
  type Member,
  type Start,
  snapshotRows,
} from '../../src/bus/index.ts';
import { type Encoding, stateChecksum, type ViewRequest } from '../../src/protocol/index.ts';
import { Mirror } from './mirror.ts';
import type { MirrorTopic, Told } from './mirror-topic.ts';
import { faultOf, same } from './model-audit.ts';
import type { ModelTopic } from './model-topic.ts';
import type { TestBus, TestSink } from './test-bus.ts';

export type SubscriberPlan = { readonly pattern: string; readonly view: ViewRequest; readonly encoding: Encoding };

/** What a session does with a subscription, and a client that holds every frame against what was published. */
export class ModelSubscriber {
  readonly pattern: string;
  readonly encoding: Encoding;
  view: ViewRequest;
  readonly mirror: Mirror;
  member: Member;
  /** As its session sees it. */
  isSlow: boolean;
  isConnected = true;
  /** Topics of which it holds, or held, something in this view. */
  readonly #seenMatch = new Set<string>();
  readonly #bus: TestBus;
  readonly #topics: ReadonlyMap<string, ModelTopic>;
  #sink: TestSink;
  #servedSinceMs = 0;
  /** It had a rate before it was changed. */
  #wasRated = false;
  /** Of members before this one, on this connection. */
  #before = emptyLedger();
  /** Of connections before this one. */
  readonly #formerConnections = emptyLedger();

  constructor(
    bus: TestBus,
    topics: ReadonlyMap<string, ModelTopic>,
    { pattern, view, encoding }: SubscriberPlan,
    start: Partial<Start>,
    isSlow: boolean,
  ) {
    this.#bus = bus;
    this.#topics = topics;
    this.pattern = pattern;
    this.encoding = encoding;
    this.view = view;
    this.isSlow = isSlow;
    this.mirror = new Mirror((topic, told) => this.#audit(topic, told));
    this.#sink = this.#connect();
    this.member = this.#subscribe(start, isSlow ? 'slow' : 'settling');
    this.mirror.follow(this.member.stream.number, 'birth');
    this.join();
  }

  join(budgetBytes = Number.POSITIVE_INFINITY): void {
    if (this.isSlow || this.member.isOn || this.member.isPaused) return;
    if (this.member.join(budgetBytes) === 'more') this.stall();
    else this.checkPresent();
    for (const { frames } of this.mirror.topics.values()) frames.clear();
  }

  stall(): void {
    this.isSlow = true;
    this.member.hold('slow');
  }

  catchUp(budgetBytes: number, mayRelease: boolean): void {
    if (!this.isSlow) return;
    if (this.member.catchUp(budgetBytes) === 'more') return;
    if (!this.member.isPaused) this.checkPresent();
    if (!mayRelease) return;
    this.isSlow = false;
    this.member.release();
  }

  pause(): void {
    this.member.hold('paused');
  }

  resume(): void {
    this.member.resume();
    this.join();
  }

  change(view: ViewRequest): void {
    const looks = ({ fields, filter }: ViewRequest) => JSON.stringify([fields?.toSorted(), filter]);
    const isRefreshed = looks(view) !== looks(this.view);
    const { isPaused } = this.member;
    this.member.hold(isPaused ? 'paused' : 'slow');
    if (isRefreshed) this.#seenMatch.clear();
    const former = this.member;
    const from = former.handOver();
    this.#wasRated = this.view.maxRate !== undefined;
    this.view = view;
    this.member = this.#subscribe(
      { from, refresh: isRefreshed },
      isPaused ? 'paused' : this.isSlow ? 'slow' : 'settling',
    );
    this.#close(former);
    this.mirror.keepOnly(new Set(this.member.stream.cells.map(({ state }) => state.topic.name)));
    this.mirror.follow(this.member.stream.number, isRefreshed ? 'refresh' : 'change');
    this.join();
  }

  leave(): void {
    if (!this.isConnected) return;
    this.#close(this.member);
    this.isConnected = false;
  }

  /** With positions on everything that it knows. */
  reconnect(isSlow: boolean): void {
    this.mirror.disconnect();
    addLedger(this.#formerConnections, this.#before);
    this.#before = emptyLedger();
    this.#seenMatch.clear();
    this.isConnected = true;
    this.isSlow = isSlow;
    this.#sink = this.#connect();
    const since = { positions: this.mirror.positions() };
    this.member = this.#subscribe({ since }, isSlow ? 'slow' : 'settling');
    this.mirror.follow(this.member.stream.number, 'return');
    this.join();
  }

  /** Asks for a topic's checksum or state, as VERIFY does. */
  verify(topic: ModelTopic, want: 'checksum' | 'snapshot'): void {
    const state = this.#bus.bus.hub.topic(topic.name);
    if (state === undefined || this.member.isPaused) return;
    if (want === 'snapshot') this.member.refresh(state);
    else if (this.member.bringUp(state) === undefined) return;
    const mirrored = this.mirror.topics.get(topic.name);
    if (mirrored !== undefined) this.checkState(mirrored, topic);
  }

  ledger(): Ledger {
    return addLedger(this.member.ledger(), this.#before);
  }

  /** Over all of its connections. */
  lifetime(): Ledger {
    const ledger = addLedger(emptyLedger(), this.#formerConnections);
    return addLedger(ledger, this.isConnected ? this.ledger() : this.#before);
  }

  /** True at any moment. */
  checkLedgers(): void {
    if (!this.isConnected) return;
    const ledgers = [this.ledger(), this.member.ledger(), this.member.stream.ledger()];
    for (const ledger of ledgers) {
      const isWhole = Object.values(ledger).every((count) => Number.isInteger(count) && count >= 0);
      if (imbalance(ledger) !== 0 || !isWhole) throw this.#wrong(`ledger ${JSON.stringify(ledger)} does not add up`);
    }
  }

  /** True whenever nothing waits for the end of a turn. */
  checkCounts(): void {
    this.checkPromptness();
    const ledger = this.ledger();
    const fates = this.mirror.fates();
    for (const fate of ['delivered', 'conflated', 'filtered', 'missed'] as const) {
      if (ledger[fate] === fates[fate]) continue;
      throw this.#wrong(`was told ${JSON.stringify(fates)}, and its ledger says ${JSON.stringify(ledger)}`);
    }
    let behind = 0;
    for (const { name, seq } of this.mirror.topics.values()) behind += this.#topicOf(name).log.length - (seq ?? 0);
    const isBegun = [...this.mirror.topics.values()].every(
      ({ expecting, seq }) => expecting === 'news' && seq !== undefined,
    );
    if (isBegun && this.#knowsAll() && behind !== ledger.pending) {
      throw this.#wrong(`is ${behind} publications behind, and its ledger says ${JSON.stringify(ledger)}`);
    }
  }

  /** Who keeps up waits for nothing but the next beat, or the second in which what did not match is announced. */
  checkPromptness(): void {
    if (this.isSlow || this.member.isPaused) return;
    const { maxRate } = this.view;
    const patienceMs = Math.max(1000, maxRate === undefined ? 0 : 1000 / maxRate);
    for (const { name, kind, seq } of this.mirror.topics.values()) {
      const topic = this.#topicOf(name);
      const isAtOnce = maxRate === undefined || kind === 'event';
      const first = topic.log[seq ?? 0];
      if (first === undefined) continue;
      if (isAtOnce && topic.lastPassing(this.view) > (seq ?? 0)) throw this.#wrong(`is at ${seq} of ${name}`);
      const ageMs = this.#bus.nowMs - first.atMs;
      if (ageMs > patienceMs + 1) throw this.#wrong(`waits for ${(seq ?? 0) + 1} of ${name} since ${ageMs} ms`);
    }
  }

  /** Since it joined, at most one frame of each row a beat; events come as they are. */
  checkRate(): void {
    const { maxRate } = this.view;
    if (maxRate === undefined) return;
    const beats = Math.floor(((this.#bus.nowMs - this.#servedSinceMs) / 1000) * maxRate + 1e-6);
    for (const { name, kind, frames } of this.mirror.topics.values()) {
      const updates = Math.max(0, ...frames.values());
      if (kind === 'event' || updates <= beats + 1) continue;
      throw this.#wrong(`got ${updates} updates of ${name} in ${beats} beats`);
    }
  }

  /** True when it was told everything. */
  checkPresent(): void {
    for (const topic of this.#topics.values()) {
      const mirrored = this.mirror.topics.get(topic.name);
      const isCarried = this.member.stream.cells.some(({ state }) => state.topic.name === topic.name);
      if (isCarried && !topic.isShown(this.view)) throw this.#wrong(`carries ${topic.name}`);
      if (!isCarried) continue;
      if (mirrored === undefined) throw this.#wrong(`does not know ${topic.name}`);
      this.checkState(mirrored, topic);
    }
    const { pending } = this.ledger();
    if (pending !== 0) throw this.#wrong(`still waits for ${pending}`);
  }

  checkState(mirrored: MirrorTopic, topic: ModelTopic): void {
    const { seq, state, name } = mirrored;
    const all = topic.log.length;
    if ((seq ?? 0) !== all) throw this.#wrong(`is at ${seq} of ${all} on ${name}`);
    const expected = topic.rows(this.view);
    const isSame = expected.size === state.size && [...expected].every(([key, data]) => same(state.get(key), data));
    // A stream that began later does not know what matched before: then there is no last match to tell.
    const isNewToIt = topic.kind === 'latest' && state.size === 0 && topic.lastPassing(this.view) < all;
    if (isSame) this.#checkSum(mirrored);
    else if (!isNewToIt || this.#seenMatch.has(name)) {
      throw this.#wrong(`holds ${show(state)} of ${name}, not ${show(expected)}`);
    }
  }

  #checkSum(mirrored: MirrorTopic): void {
    const cell = this.member.stream.cells.find(({ state }) => state.topic.name === mirrored.name);
    if (cell === undefined) throw this.#wrong(`is not served ${mirrored.name}`);
    const theirs = stateChecksum(snapshotRows(cell).map(([values, key]) => [key ?? '', values] as const));
    if (same(theirs, mirrored.checksum())) return;
    throw this.#wrong(`has another checksum of ${mirrored.name} than the hub`);
  }

  #knowsAll(): boolean {
    return this.member.stream.cells.every(({ state }) => this.mirror.topics.has(state.topic.name));
  }

  #connect(): TestSink {
    return this.#bus.sink(this.encoding, (frame) => this.mirror.take(frame));
  }

  #subscribe(start: Partial<Start>, why: 'slow' | 'paused' | 'settling'): Member {
    this.#servedSinceMs = this.#bus.nowMs;
    return this.#bus.member(this.pattern, this.view, this.#sink, start, why);
  }

  #close(member: Member): void {
    this.#bus.bus.hub.leave(member);
    addLedger(this.#before, member.ledger());
  }

  /** Whatever it is told must be true. */
  #audit(mirrored: MirrorTopic, told: Told): void {
    const topic = this.#topicOf(mirrored.name);
    const fault = faultOf(told, topic, mirrored, {
      view: this.view,
      isRated: this.#wasRated || this.view.maxRate !== undefined,
      nowMs: this.#bus.nowMs,
      history: this.#bus.bus.hub.topic(topic.name)?.history,
    });
    if (fault !== undefined)
      throw this.#wrong(`was told ${JSON.stringify(told)} of ${topic.kind} ${topic.name}: ${fault}`);
    if (told.op === 'value' || mirrored.state.size > 0) this.#seenMatch.add(topic.name);
  }

  #topicOf(name: string): ModelTopic {
    const found = this.#topics.get(name);
    if (found === undefined) throw new Error(`no topic ${name}`);
    return found;
  }

  #wrong(what: string): Error {
    const { pattern, encoding, view } = this;
    return new Error(`the subscriber of ${pattern} ${encoding} ${JSON.stringify(view)} ${what}`);
  }
}

function show(rows: ReadonlyMap<string, unknown>): string {
  return JSON.stringify([...rows]);
}
