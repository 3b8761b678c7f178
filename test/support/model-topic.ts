import { z } from 'zod';
import type { OwnedTopic, Publication } from '../../src/bus/index.ts';
import { fromPositions, type TopicKind, type ViewRequest } from '../../src/protocol/index.ts';

/** A publication as its origin remembers it. Without data: a removal. */
export type Entry = { readonly data: unknown; readonly key: string; readonly atMs: number };

const quote = z.object({ bid: z.int(), ask: z.int(), note: z.string().nullable() });
const reading = z.object({ temp: z.int(), note: z.string().nullable() });
const bare = z.int();

type Shape = 'quote' | 'reading' | 'bare';
export type TopicPlan = {
  readonly name: string;
  readonly kind: TopicKind;
  readonly shape: Shape;
  /** How many publications its history holds. */
  readonly history: number;
};

/** Everything that a schedule may open, in this order. */
export const topicPlans: readonly TopicPlan[] = [
  { name: 'm.a.quote', kind: 'latest', shape: 'quote', history: 0 },
  { name: 'e.small', kind: 'event', shape: 'quote', history: 3 },
  { name: 't.rows', kind: 'keyed', shape: 'quote', history: 0 },
  { name: 'm.a.state', kind: 'latest', shape: 'reading', history: 6 },
  { name: 'x.gone', kind: 'ephemeral', shape: 'quote', history: 0 },
  { name: 'e.large', kind: 'event', shape: 'reading', history: 10_000 },
  { name: 'm.b.quote', kind: 'latest', shape: 'quote', history: 0 },
  { name: 't.more', kind: 'keyed', shape: 'reading', history: 0 },
  { name: 'm.bare', kind: 'latest', shape: 'bare', history: 0 },
  { name: 'e.none', kind: 'event', shape: 'bare', history: 0 },
];

export const schemas: Readonly<Record<Shape, z.ZodType>> = { quote, reading, bare };

const notes = ['a note that is long enough for a change to be shorter', 'another note, of a similar length', 'x', null];

/** Few different values, so that fields often stay as they were. */
export function dataOf(shape: Shape, dice: number): unknown {
  const low = dice % 7;
  const note = notes[(dice >> 4) % notes.length];
  if (shape === 'quote') return { bid: 10 * low, ask: 10 * low + ((dice >> 3) % 2), note };
  return shape === 'reading' ? { temp: 10 * low, note } : 10 * low;
}

/** Filters with their meaning, in words of our own. */
export const filters: readonly { readonly text: string; readonly holds: (data: unknown) => boolean }[] = [
  { text: 'bid > 20', holds: (data) => above(field(data, 'bid'), 20) },
  { text: 'temp <= 30 or value > 20 or bid == 40', holds: (data) => isMiddling(data) },
  { text: 'note == null', holds: (data) => field(data, 'note') === null },
  { text: 'not (bid > 30)', holds: (data) => !above(field(data, 'bid'), 30) },
  { text: 'bid > 1000', holds: () => false },
];

function isMiddling(data: unknown): boolean {
  const temp = field(data, 'temp');
  return (temp !== null && !above(temp, 30)) || above(field(data, 'value'), 20) || field(data, 'bid') === 40;
}

function above(value: unknown, limit: number): boolean {
  return typeof value === 'number' && value > limit;
}

function field(data: unknown, name: string): unknown {
  if (typeof data !== 'object' || data === null) return name === 'value' ? data : null;
  return (data as Record<string, unknown>)[name] ?? null;
}

/** A topic with everything that was ever published on it: what subscribers are held against. */
export class ModelTopic {
  readonly plan: TopicPlan;
  readonly #owned: OwnedTopic;
  /** By `seq` - 1. */
  readonly log: Entry[] = [];

  constructor(plan: TopicPlan, owned: OwnedTopic) {
    this.plan = plan;
    this.#owned = owned;
  }

  get name(): string {
    return this.plan.name;
  }

  get kind(): TopicKind {
    return this.plan.kind;
  }

  /** Some rows of tables have a time to live. */
  publish(dice: number, row: number, atMs: number): void {
    const ttlMs = dice % 4 === 0 ? 700 : undefined;
    const place = this.kind === 'keyed' ? { key: `row${row}`, ttlMs } : {};
    const outcome = this.#owned.publish(dataOf(this.plan.shape, dice), { ts: atMs * 1000, ...place });
    if (!('seq' in outcome) || outcome.seq !== this.log.length) throw new Error(JSON.stringify(outcome));
  }

  remove(row: number, atMs: number): void {
    this.#owned.remove(`row${row}`, atMs * 1000);
  }

  /** What the origin has stamped, before anyone is told. */
  record({ topic, values, key = '' }: Publication, atMs: number): void {
    this.log.push({ data: values && fromPositions(topic.schema, values), key, atMs });
  }

  entry(seq: number): Entry {
    const found = this.log[seq - 1];
    if (found === undefined) throw new Error(`${this.name} has no publication ${seq}`);
    return found;
  }

  /** Whether the view carries it at all, and what it shows of a value. */
  isShown({ fields }: ViewRequest): boolean {
    return fields === undefined || names[this.plan.shape].some((name) => fields.includes(name));
  }

  show(data: unknown, { fields }: ViewRequest): unknown {
    if (fields === undefined || typeof data !== 'object' || data === null) return data;
    return Object.fromEntries(Object.entries(data).filter(([name]) => fields.includes(name)));
  }

  passes(data: unknown, { filter }: ViewRequest): boolean {
    if (filter === undefined) return data !== undefined;
    return data !== undefined && holds(filter, data);
  }

  /** The state that a filtered, projected subscriber should end with. */
  rows(view: ViewRequest): Map<string, unknown> {
    const rows = new Map<string, unknown>();
    for (const { data, key } of this.log) {
      const passes = this.passes(data, view);
      if (passes) rows.set(key, this.show(data, view));
      else if (this.kind === 'keyed') rows.delete(key);
    }
    return this.kind === 'latest' || this.kind === 'keyed' ? rows : new Map();
  }

  /** `seq` of the last publication that the view lets through; 0 for none. */
  lastPassing(view: ViewRequest): number {
    return this.log.findLastIndex(({ data }) => this.passes(data, view)) + 1;
  }
}

const names: Readonly<Record<Shape, readonly string[]>> = {
  quote: ['bid', 'ask', 'note'],
  reading: ['temp', 'note'],
  bare: [''],
};

function holds(filter: string, data: unknown): boolean {
  const found = filters.find(({ text }) => text === filter);
  if (found === undefined) throw new Error(`no filter ${filter}`);
  return found.holds(data);
}
