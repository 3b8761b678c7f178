/** A server by the rules of the wire, in plain steps: each subscription is served by itself, and may be lied to. */

import {
  type Change,
  type ClientFrame,
  decodeClientFrame,
  errorCodes,
  type FrameOf,
  matches,
  type ServerFrame,
  type SkipReason,
  type SubscriptionRequest,
  stateChecksum,
  type ViewRequest,
} from '../../src/protocol/index.ts';

type Kind = 'latest' | 'keyed' | 'event';
type Values = readonly [a: number, b: number];
type Publication = { seq: number; key: string; values: Values | undefined };

export type ModelTopic = { name: string; tid: number; kind: Kind; epoch: string; log: Publication[] };

/** The only filter that this server knows. */
export const evenOnly = 'a is even';
const kept = 4; // events in history
const ts = 0;

/** What one subscription has been told of one topic. */
type Cell = {
  topic: ModelTopic;
  tid: number;
  seq: number;
  held: Map<string, { seq: number; values: readonly number[] }>;
};
/** `held`: off its stream, told of what is newest in the session's own time. */
type Mode = 'live' | 'held' | 'paused';

export class ModelServer {
  readonly topics = new Map<string, ModelTopic>();
  outbound: ServerFrame[][] = [];
  readonly #members = new Map<number, Member>();
  readonly #inbound: ClientFrame[] = [];
  #isSlow = false;
  #life = 1;
  #nextTid = 1;
  #nextStream = 1;
  #nextViewTid = -1;

  receive(bytes: Uint8Array): void {
    this.#inbound.push(decodeClientFrame(bytes, 'msgpack'));
  }

  publish(name: string, key: string, a: number | undefined): void {
    const topic = this.topics.get(name) ?? this.#born(name);
    if (a === undefined && topic.kind !== 'keyed') return;
    const values: Values | undefined = a === undefined ? undefined : [a, a >> 2];
    const publication = { seq: topic.log.length + 1, key: topic.kind === 'keyed' ? key : '', values };
    topic.log.push(publication);
    for (const member of this.#members.values()) member.accept(topic, publication);
  }

  /** Answers this many of the requests that wait. */
  serve(count: number): void {
    for (const frame of this.#inbound.splice(0, count)) this.#answer(frame);
  }

  /** What a subscription's stream holds leaves. */
  flush(nth: number): void {
    this.#nth(nth)?.flush();
  }

  flushAll(): void {
    for (const member of this.#members.values()) member.flush();
  }

  /** The session has fallen behind: off all of its streams. */
  hold(): void {
    if (this.#isSlow) return;
    this.flushAll();
    this.#isSlow = true;
    this.#say({ op: 'rate', step: 'conflated', maxRate: 0, reason: 'lag' });
    for (const member of this.#members.values()) if (member.mode === 'live') member.mode = 'held';
  }

  /** Brings one subscription of a slow session some of the way. */
  catchUp(nth: number, withSnapshots: boolean): void {
    if (!this.#isSlow) return;
    this.flushAll();
    this.#nth(nth)?.catchUp(1, withSnapshots);
  }

  /** Brings all of a slow session to the present. */
  release(withSnapshots: boolean): void {
    this.flushAll();
    if (!this.#isSlow) return;
    for (const member of this.#members.values()) {
      member.catchUp(Number.POSITIVE_INFINITY, withSnapshots);
      if (member.mode === 'held') member.mode = 'live';
    }
    this.#isSlow = false;
    this.#say({ op: 'rate', step: 'full', maxRate: 0, reason: 'caught up' });
  }

  /** Loses a frame on its way to one subscription. */
  lose(nth: number, at: number): void {
    const queue = this.#nth(nth)?.queue ?? [];
    const frame = queue[at % Math.max(1, queue.length)];
    if (frame !== undefined && 'tid' in frame && frame.op !== 'topic') queue.splice(queue.indexOf(frame), 1);
  }

  repeat(nth: number, at: number): void {
    const queue = this.#nth(nth)?.queue ?? [];
    const frame = queue[at % Math.max(1, queue.length)];
    if (frame !== undefined && frame.op !== 'schema') queue.push(frame);
  }

  spoil(nth: number): void {
    const queue = this.#nth(nth)?.queue ?? [];
    const at = queue.findIndex(({ op }) => op === 'patch');
    if (at >= 0) queue[at] = { ...(queue[at] as FrameOf<ServerFrame, 'patch'>), changes: [99] };
  }

  disconnect(): void {
    this.#members.clear();
    this.#isSlow = false;
    this.#inbound.length = 0;
    this.outbound = [];
  }

  restart(): void {
    this.disconnect();
    this.topics.clear();
    this.#nextTid = 1;
    this.#life++;
  }

  /** What a subscriber of this view should hold. */
  stateOf(topic: ModelTopic, view: ViewRequest): Map<string, readonly number[]> {
    return stateOf(topic, view);
  }

  #nth(nth: number): Member | undefined {
    return [...this.#members.values()][nth % Math.max(1, this.#members.size)];
  }

  #answer(frame: ClientFrame): void {
    switch (frame.op) {
      case 'hello': {
        const limits = { maxFrameBytes: 65_536, maxSubscriptions: 1024 };
        const clock = { t0: null, t1: 0, t2: 0 };
        const info = { session: 's', server: 'model', heartbeatMs: 1e9, timeoutMs: 1e9, limits, clock };
        this.#say({ op: 'welcome', id: frame.id, info });
        break;
      }
      case 'subscribe':
        for (const request of frame.subscriptions) this.#subscribe(frame.id, request);
        break;
      case 'unsubscribe':
        for (const sid of frame.sids) {
          if (!this.#members.delete(sid)) throw new Error(`sid ${sid} was not subscribed`);
          this.#say({ op: 'unsubscribed', id: frame.id, sid });
        }
        break;
      case 'change':
        this.#change(frame);
        break;
      case 'verify':
        this.#verify(frame);
        break;
      default:
        throw new Error(`${frame.op} is not for this server`);
    }
  }

  #subscribe(id: number, request: SubscriptionRequest): void {
    const { sid, pattern, snapshot = true, since, ...view } = request;
    if (this.#members.has(sid)) throw new Error(`sid ${sid} twice`);
    this.flushAll();
    const member = this.#member(sid, pattern, view);
    this.#say({ op: 'subscribed', id, sid, topics: member.cells.size, stream: member.stream, rate: 0 });
    for (const cell of member.cells.values()) member.toBegin.set(cell, () => member.begin(cell, snapshot, since));
    this.#start(member, 'slow');
    this.#members.set(sid, member);
  }

  #change({ id, sid, change }: FrameOf<ClientFrame, 'change'>): void {
    const member = this.#members.get(sid);
    if (member === undefined) {
      this.#say({ op: 'error', id, code: 104, retryable: false, message: 'no such sid' });
      return;
    }
    this.flushAll();
    const view = changed(member.view, change);
    const isPaused = change.paused ?? member.mode === 'paused';
    if (JSON.stringify(view) === JSON.stringify(member.view)) {
      this.#say({ op: 'subscribed', id, sid, topics: 0, stream: member.stream, rate: 0 });
      if (isPaused) member.mode = 'paused';
      else if (member.mode === 'paused') this.#start(member, 'paused');
      return;
    }
    const next = this.#member(sid, member.pattern, view);
    this.#say({ op: 'subscribed', id, sid, topics: next.cells.size, stream: next.stream, rate: 0 });
    const isRefreshed = view.filter !== member.view.filter || view.fields?.[0] !== member.view.fields?.[0];
    for (const cell of next.cells.values()) {
      next.toBegin.set(cell, () => next.goOn(cell, member.cells.get(cell.topic.name), isRefreshed));
    }
    if (isPaused) next.mode = 'paused';
    else this.#start(next, 'slow');
    this.#members.set(sid, next);
  }

  /** At once, or in the session's own time. */
  #start(member: Member, reason: SkipReason): void {
    member.mode = 'held';
    member.skips = reason;
    if (this.#isSlow) return;
    member.catchUp(Number.POSITIVE_INFINITY, false);
    member.mode = 'live';
  }

  #verify({ id, sid, topic, want }: FrameOf<ClientFrame, 'verify'>): void {
    const member = this.#members.get(sid);
    const cell = member?.cells.get(topic);
    if (member === undefined || cell === undefined || member.mode === 'paused') {
      this.#say({ op: 'error', id, code: 104, retryable: false, message: 'nothing to verify' });
      return;
    }
    this.flushAll();
    member.toBegin.get(cell)?.();
    member.toBegin.delete(cell);
    member.advance(cell, Number.POSITIVE_INFINITY, false);
    const rows = stateOf(cell.topic, member.view);
    if (want === 'checksum') {
      this.#say({ op: 'checksum', id, sid, tid: cell.tid, seq: cell.seq, ...stateChecksum(rows) });
    } else {
      member.snapshot(cell);
      this.#say({ op: 'ok', id, result: {} });
    }
  }

  #member(sid: number, pattern: string, view: ViewRequest): Member {
    const stream = isPlain(view) ? 0 : this.#nextStream++;
    const member = new Member(sid, pattern, view, stream, (...frames) => this.#say(...frames));
    for (const topic of this.topics.values()) this.#carry(member, topic);
    return member;
  }

  #carry(member: Member, topic: ModelTopic): Cell | undefined {
    if (!matches(member.pattern, topic.name)) return undefined;
    const tid = member.stream === 0 ? topic.tid : this.#nextViewTid--;
    const cell: Cell = { topic, tid, seq: 0, held: new Map() };
    member.cells.set(topic.name, cell);
    return cell;
  }

  #born(name: string): ModelTopic {
    const kind = ({ l: 'latest', k: 'keyed', e: 'event' } as const)[name[0] as 'l' | 'k' | 'e'];
    const topic = { name, tid: this.#nextTid++, kind, epoch: `life ${this.#life}`, log: [] };
    this.topics.set(name, topic);
    for (const member of this.#members.values()) {
      const cell = this.#carry(member, topic);
      if (cell !== undefined) member.queue.push(...member.introduction(cell));
    }
    return topic;
  }

  #say(...frames: ServerFrame[]): void {
    this.outbound.push(frames);
  }
}

class Member {
  mode: Mode = 'live';
  skips: SkipReason = 'slow';
  /** Topics that existed when it joined, and how each begins. */
  readonly toBegin = new Map<Cell, () => void>();
  readonly cells = new Map<string, Cell>();
  readonly queue: ServerFrame[] = [];
  readonly sid: number;
  readonly pattern: string;
  readonly view: ViewRequest;
  readonly stream: number;
  readonly #say: (...frames: ServerFrame[]) => void;

  constructor(
    sid: number,
    pattern: string,
    view: ViewRequest,
    stream: number,
    say: (...frames: ServerFrame[]) => void,
  ) {
    this.sid = sid;
    this.pattern = pattern;
    this.view = view;
    this.stream = stream;
    this.#say = say;
  }

  flush(): void {
    if (this.queue.length > 0) this.#say(...this.queue.splice(0));
  }

  accept(topic: ModelTopic, publication: Publication): void {
    const cell = this.cells.get(topic.name);
    if (cell === undefined || this.mode !== 'live') return;
    const frame = this.#frame(cell, publication);
    if (frame === undefined) return; // announced before the next that matches
    if (publication.seq > cell.seq + 1) this.queue.push(this.#mark(cell, publication.seq - 1, 0, 'filter'));
    this.queue.push(frame);
    cell.seq = publication.seq;
  }

  introduction({ tid, topic }: Cell): ServerFrame[] {
    const { name, epoch, kind } = topic;
    const names = this.view.fields ?? ['a', 'b'];
    const schema = names.length === 2 ? 1 : 2 + ['a', 'b'].indexOf(names[0]!);
    const stream = this.stream === 0 ? {} : { stream: this.stream };
    return [
      { op: 'schema', schema, fields: names.map((field) => ({ name: field, type: 'int' })) },
      { op: 'topic', tid, name, epoch, schema, kind, ...stream },
    ];
  }

  begin(cell: Cell, withRows: boolean, since: SubscriptionRequest['since']): void {
    this.#say(...this.introduction(cell));
    const { topic } = cell;
    const now = topic.log.length;
    if (since === undefined) {
      if (withRows) this.snapshot(cell);
      else this.#position(cell, now);
      return;
    }
    if (!('positions' in since)) {
      const back = 'last' in since ? Math.max(now - since.last, oldest(topic) - 1) : 0;
      if (topic.kind === 'event') this.#position(cell, back);
      else this.snapshot(cell);
      return;
    }
    const [epoch, seen] = since.positions[topic.name] ?? [topic.epoch, 0];
    if (epoch !== topic.epoch) this.#fail(cell, 0, 'otherEpoch');
    else if (seen === now) this.#position(cell, now, { recovered: true });
    else if (topic.kind !== 'event' || seen + 1 < oldest(topic)) this.#fail(cell, seen, 'historyTooShort');
    else this.#position(cell, seen, { recovered: true });
  }

  /** The same topic in another view. */
  goOn(cell: Cell, former: Cell | undefined, isRefreshed: boolean): void {
    this.#say(...this.introduction(cell));
    const seq = former?.seq ?? 0;
    if (cell.topic.kind === 'event' || (seq === cell.topic.log.length && !isRefreshed)) this.#position(cell, seq);
    else this.snapshot(cell);
  }

  snapshot(cell: Cell, recovery: { recovered?: boolean; code?: number } = {}): void {
    const { topic, tid } = cell;
    cell.seq = topic.log.length;
    const state = [...stateOf(topic, this.view)];
    cell.held.clear();
    for (const [key, values] of state) cell.held.set(key, { seq: cell.seq, values });
    const rows = state.map(([key, values]) =>
      topic.kind === 'keyed' ? ([values, key] as const) : ([values] as const),
    );
    const half = Math.ceil(rows.length / 2);
    const at = { op: 'snapshot', tid, seq: cell.seq, ts, ...recovery } as const;
    if (half > 1) this.#say({ ...at, last: false, rows: rows.slice(0, half) });
    this.#say({ ...at, last: true, rows: half > 1 ? rows.slice(half) : rows });
  }

  /** This many topics begun, and this many frames on each, at most. */
  catchUp(most: number, withSnapshots: boolean): void {
    if (this.mode === 'paused') return;
    let left = most;
    for (const [cell, begin] of this.toBegin) {
      if (left-- === 0) break;
      begin();
      this.toBegin.delete(cell);
    }
    for (const cell of this.cells.values()) if (!this.toBegin.has(cell)) this.advance(cell, most, withSnapshots);
  }

  advance(cell: Cell, most: number, withSnapshots: boolean): void {
    const { kind } = cell.topic;
    if (kind === 'event') this.#replay(cell, most);
    else if (kind === 'keyed' && (withSnapshots || this.view.filter !== undefined)) this.#jump(cell, this.skips);
    else this.#newest(cell, most, this.skips);
  }

  #jump(cell: Cell, reason: SkipReason): void {
    const now = cell.topic.log.length;
    if (cell.seq === now) return;
    this.#say(this.#mark(cell, now, now - cell.seq, reason));
    this.snapshot(cell);
  }

  #newest(cell: Cell, most: number, reason: SkipReason): void {
    const missed = cell.topic.log.slice(cell.seq);
    const matching = missed.filter((publication) => passes(this.view, publication.values) || this.#isKeyed(cell));
    const newest = matching.filter(({ key, seq }) => !matching.some((other) => other.key === key && other.seq > seq));
    for (const publication of newest.slice(0, most)) {
      const before = matching.filter(({ seq }) => seq > cell.seq && seq < publication.seq).length;
      if (publication.seq > cell.seq + 1) this.#say(this.#mark(cell, publication.seq - 1, before, reason));
      const frame = this.#frame(cell, publication, true);
      if (frame !== undefined) this.#say(frame);
      cell.seq = publication.seq;
    }
    const now = cell.topic.log.length;
    if (newest.length <= most && cell.seq < now) this.#say(this.#mark(cell, now, 0, reason));
  }

  #replay(cell: Cell, most: number): void {
    const { topic, tid } = cell;
    const first = oldest(topic);
    if (first > cell.seq + 1) {
      this.#say({ op: 'gap', tid, from: cell.seq + 1, to: first - 1, reason: 'history' });
      cell.seq = first - 1;
    }
    let left = most;
    for (const publication of topic.log.slice(cell.seq)) {
      if (left-- === 0) return;
      const frame = this.#frame(cell, publication, true);
      if (frame === undefined) continue;
      if (publication.seq > cell.seq + 1) this.#say(this.#mark(cell, publication.seq - 1, 0, 'filter'));
      this.#say(frame);
      cell.seq = publication.seq;
    }
    if (cell.seq < topic.log.length) this.#say(this.#mark(cell, topic.log.length, 0, 'filter'));
  }

  #mark(cell: Cell, to: number, count: number, reason: SkipReason): ServerFrame {
    const from = cell.seq + 1;
    cell.seq = to;
    const skipped = count > 0 ? { count, reason } : { count: to - from + 1, reason: 'filter' as const };
    return { op: 'mark', tid: cell.tid, from, to, ...skipped, ageMs: 5 };
  }

  /** Undefined when it does not match, and nothing has to be said of it. */
  #frame(cell: Cell, { seq, key, values }: Publication, isWhole = false): ServerFrame | undefined {
    const at = { tid: cell.tid, seq, ts };
    const place = this.#isKeyed(cell) ? { key } : {};
    if (values === undefined || !passes(this.view, values)) {
      const isHeld = cell.held.delete(key);
      const isRemoval = this.#isKeyed(cell) && (isHeld || this.view.filter === undefined);
      return isRemoval ? { op: 'remove', ...at, key } : undefined;
    }
    const shown = show(this.view, values);
    const before = cell.held.get(key);
    if (cell.topic.kind !== 'event') cell.held.set(key, { seq, values: shown });
    const changes = before && this.view.delta && !isWhole ? changesOf(before.values, shown) : undefined;
    if (changes === undefined || before === undefined) return { op: 'data', ...at, values: shown, ...place };
    return { op: 'patch', ...at, base: before.seq, changes, ...place };
  }

  #isKeyed(cell: Cell): boolean {
    return cell.topic.kind === 'keyed';
  }

  #fail(cell: Cell, seen: number, why: 'otherEpoch' | 'historyTooShort'): void {
    const recovery = { recovered: false, code: errorCodes[why].code };
    if (cell.topic.kind === 'event') this.#position(cell, seen, recovery);
    else this.snapshot(cell, recovery);
  }

  /** Where it stands, without values; the stream knows what its subscribers hold all the same. */
  #position(cell: Cell, seq: number, recovery: { recovered?: boolean; code?: number } = {}): void {
    cell.seq = seq;
    const { topic, tid } = cell;
    if (topic.kind !== 'event') {
      for (const [key, values] of stateOf(topic, this.view)) cell.held.set(key, { seq, values });
    }
    this.#say({ op: 'snapshot', tid, seq, ts, last: true, rows: [], ...recovery });
  }
}

function stateOf({ kind, log }: ModelTopic, view: ViewRequest): Map<string, readonly number[]> {
  const state = new Map<string, readonly number[]>();
  if (kind === 'event') return state;
  for (const { key, values } of log) {
    if (values !== undefined && passes(view, values)) state.set(key, show(view, values));
    else if (kind === 'keyed') state.delete(key);
  }
  return state;
}

function passes({ filter }: ViewRequest, values: Values | undefined): boolean {
  return values !== undefined && (filter === undefined || values[0] % 2 === 0);
}

function show({ fields }: ViewRequest, values: Values): readonly number[] {
  return fields === undefined ? values : fields.map((field) => values[field === 'a' ? 0 : 1]);
}

/** Even where all of the values would be shorter: it is to be tried often. */
function changesOf(before: readonly number[], after: readonly number[]): readonly unknown[] {
  return after.flatMap((value, i) => (value === before[i] ? [] : [i, value]));
}

function oldest({ log }: ModelTopic): number {
  return Math.max(1, log.length - kept + 1);
}

function isPlain({ maxRate, fields, filter, delta }: ViewRequest): boolean {
  return maxRate === undefined && fields === undefined && filter === undefined && delta === undefined;
}

function changed(view: ViewRequest, { maxRate, fields, filter, delta }: Change): ViewRequest {
  const wanted = { ...view, ...dropUndefined({ maxRate, fields, filter, delta }) };
  const given = Object.entries(wanted).filter(([, wish]) => wish !== null && wish !== false);
  return Object.fromEntries(given.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function dropUndefined(wishes: object): object {
  return Object.fromEntries(Object.entries(wishes).filter(([, wish]) => wish !== undefined));
}
