import {
  type Field,
  type GapReason,
  type SkipReason,
  stateChecksum,
  type TopicKind,
  toPositions,
} from '../../src/protocol/index.ts';

/** One topic as a subscriber holds it: its position, its state, and what became of each publication. */
export class MirrorTopic {
  readonly name: string;
  readonly epoch: string;
  readonly kind: TopicKind;
  fields: readonly Field[];
  expecting: Expecting = 'birth';
  /** 0 for a topic that was just announced; undefined where it must begin anew. */
  seq: number | undefined = 0;
  isStale = false;
  /** By key, '' for a topic with one value. */
  readonly state = new Map<string, unknown>();
  readonly fates = noFates();
  /** How many frames brought each row since this was last cleared. */
  readonly frames = new Map<string, number>();
  #gathered: Map<string, unknown> | undefined;
  /** The position that the subscriber gave when it came back, of a topic that it has been told nothing of since. */
  readonly #given: number;

  constructor(name: string, epoch: string, kind: TopicKind, fields: readonly Field[], given = 0) {
    this.name = name;
    this.epoch = epoch;
    this.kind = kind;
    this.fields = fields;
    this.#given = given;
  }

  checksum(): { crc: number; rows: number } {
    const schema = { id: 0, fields: this.fields };
    return stateChecksum([...this.state].map(([key, data]) => [key, toPositions(schema, data)] as const));
  }

  disconnect(): void {
    Object.assign(this.fates, noFates());
    this.#gathered = undefined;
    if (this.expecting === 'refresh' && this.kind !== 'event') this.#forget();
  }

  follow(expecting: Expecting): void {
    const before = this.expecting;
    if (this.seq === undefined) return; // it asked anew, and still waits
    // What is still to be answered, or to be told anew, stays so until it is.
    if (expecting === 'change' && (before === 'return' || before === 'refresh')) return;
    if (expecting !== 'refresh' || before !== 'return') this.expecting = expecting;
    else if (this.kind !== 'event') this.#forget();
  }

  /** What it holds looks otherwise than what is asked for: it begins anew. */
  #forget(): void {
    this.seq = undefined;
    this.expecting = 'birth';
  }

  take(frame: Readable, tell: (told: Told) => void): void {
    if (this.#gathered !== undefined && frame.op !== 'snapshot') throw broken(frame, this, 'is within a SNAPSHOT');
    switch (frame.op) {
      case 'snapshot':
        this.#snapshot(frame, tell);
        break;
      case 'data':
        this.#value(frame, frame.data, tell);
        break;
      case 'patch':
        this.#mustHold(frame);
        this.#value(frame, patched(this.state.get(frame.key ?? ''), frame.data), tell);
        break;
      case 'remove':
        this.#advance(frame, frame.seq, frame.seq, 'delivered');
        this.state.delete(frame.key);
        this.#count(frame.key);
        tell({ op: 'remove', seq: frame.seq, key: frame.key });
        break;
      case 'mark':
        this.#mark(frame);
        tell({ ...frame });
        break;
      case 'gap':
        if (this.kind !== 'event') throw broken(frame, this, 'is of a topic that has none');
        this.#advance(frame, frame.from, frame.to, 'missed');
        tell({ ...frame });
        break;
      case 'state':
        this.isStale = frame.state === 'stale';
    }
  }

  #snapshot(frame: Readable & { op: 'snapshot' }, tell: (told: Told) => void): void {
    this.#gathered ??= new Map();
    for (const { key, data } of frame.rows) this.#gathered.set(key ?? '', data);
    if (!frame.last) return;
    const rows = this.#gathered;
    this.#gathered = undefined;
    const { seq, recovered, code } = frame;
    const before = this.seq;
    const how = this.expecting;
    if (how === 'news' && seq !== before) throw broken(frame, this, 'leaves its position in mid-life');
    if ((how === 'change' || how === 'refresh') && before !== undefined) {
      if (seq < before || (this.kind === 'event' && seq !== before)) throw broken(frame, this, 'breaks continuity');
      this.fates.conflated += seq - before;
    }
    const keeps = recovered === true || (how === 'change' && seq === before && rows.size === 0);
    const kept = how === 'birth' ? this.#given : before;
    if (keeps && seq !== kept && before !== undefined) throw broken(frame, this, 'keeps another state');
    if (!keeps) {
      this.state.clear();
      for (const [key, data] of rows) this.state.set(key, data);
    }
    this.seq = seq;
    this.expecting = 'news';
    tell({ op: 'joined', seq, before, how, ...(recovered !== undefined && { recovered }), ...(code && { code }) });
  }

  #value(frame: { seq: number; key?: string }, data: unknown, tell: (told: Told) => void): void {
    const { seq, key = '' } = frame;
    this.#advance(frame, seq, seq, 'delivered');
    if (this.kind === 'latest' || this.kind === 'keyed') this.state.set(key, data);
    this.#count(key);
    tell({ op: 'value', seq, key, data });
  }

  #mark(frame: Readable & { op: 'mark' }): void {
    const { from, to, count, reason } = frame;
    if (count < 1 || count > to - from + 1) throw broken(frame, this, 'counts what can not be');
    if (reason === 'filter' && count !== to - from + 1) throw broken(frame, this, 'has others beside the filtered');
    this.#advance(frame, from, to, 'filtered');
    if (reason === 'filter') return;
    this.fates.filtered -= count;
    this.fates.conflated += count;
  }

  #advance(frame: object, from: number, to: number, fate: keyof Fates): void {
    if (this.expecting === 'birth' && this.seq === 0) this.expecting = 'news';
    if (this.expecting !== 'news') throw broken(frame, this, `came where a SNAPSHOT was expected (${this.expecting})`);
    if (this.seq === undefined || from !== this.seq + 1 || to < from) throw broken(frame, this, 'leaves its position');
    this.fates[fate] += to - from + 1;
    this.seq = to;
  }

  #mustHold(frame: Readable & { op: 'patch' }): void {
    if (frame.base > (this.seq ?? -1)) throw broken(frame, this, 'has a base ahead of it');
    if (!this.state.has(frame.key ?? '')) throw broken(frame, this, 'changes what is not held');
  }

  #count(key: string): void {
    this.frames.set(key, (this.frames.get(key) ?? 0) + 1);
  }
}

/** What became of publications, as a subscriber was told. */
export type Fates = { delivered: number; conflated: number; filtered: number; missed: number };

/** One thing that a subscriber was told of a topic; `data` by name. */
export type Told =
  | { readonly op: 'value'; readonly seq: number; readonly key: string; readonly data: unknown }
  | { readonly op: 'remove'; readonly seq: number; readonly key: string }
  | Mark
  | { readonly op: 'gap'; readonly from: number; readonly to: number; readonly reason: GapReason }
  | Joined;
export type Mark = {
  readonly op: 'mark';
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly reason: SkipReason;
  readonly ageMs: number;
};
/** A whole SNAPSHOT. `before`: the position that the subscriber had. */
export type Joined = {
  readonly op: 'joined';
  readonly seq: number;
  readonly before: number | undefined;
  readonly how: Expecting;
  readonly recovered?: boolean;
  readonly code?: number;
};

/**
 * What a topic waits for. `birth`: a SNAPSHOT, or publication 1. `return`: a SNAPSHOT that answers its position.
 * `change`, `refresh`: a SNAPSHOT after a CHANGE that leaves values as they look, or does not.
 */
export type Expecting = 'birth' | 'return' | 'change' | 'refresh' | 'news';

/** Frames of topics as they read in JSON. */
export type Readable = { readonly topic: string; readonly stream?: number } & (
  | {
      op: 'snapshot';
      seq: number;
      last: boolean;
      rows: { key?: string; data: unknown }[];
      recovered?: boolean;
      code?: number;
    }
  | { op: 'data'; seq: number; key?: string; data: unknown }
  | { op: 'patch'; seq: number; base: number; key?: string; data: unknown }
  | { op: 'remove'; seq: number; key: string }
  | Mark
  | { op: 'gap'; from: number; to: number; reason: GapReason }
  | { op: 'state'; state: 'live' | 'stale' }
);

const allFates = ['delivered', 'conflated', 'filtered', 'missed'] as const;

export function addFates(sum: Fates, more: Readonly<Fates>): void {
  for (const fate of allFates) sum[fate] += more[fate];
}

export function noFates(): Fates {
  return { delivered: 0, conflated: 0, filtered: 0, missed: 0 };
}

function patched(before: unknown, changes: unknown): unknown {
  if (typeof before !== 'object' || before === null) return changes ?? before; // a bare value
  return { ...before, ...(changes as object) };
}

function broken(frame: object, { name, kind, seq }: MirrorTopic, why: string): Error {
  return new Error(`${show(frame)} ${why}; ${kind} topic ${name} is at ${seq}`);
}

export function show(frame: object): string {
  return JSON.stringify(frame).slice(0, 300);
}
