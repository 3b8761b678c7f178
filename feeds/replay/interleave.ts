import type { FeedContext, Micros } from '../../src/feed/index.ts';
import { Bell } from './bell.ts';

export type Due = { readonly due: Micros };

const patienceMs = 2000; // a row takes microseconds, a file loaded whole up to a second, one that hangs forever
const longestSleepMs = 3_600_000; // timers count to 2^31 ms, and daily rows in real time may lie further apart

/**
 * Yields what all sources give, each item when it is due, those due together in the order of the sources. Each source
 * is one item ahead and no more. The next item of every source is known before time goes on, so the order is always
 * the same; but a source that once keeps the others waiting is not waited for again.
 */
export async function* interleave<T extends Due>(
  sources: readonly AsyncIterable<T>[],
  clock: FeedContext['clock'],
): AsyncGenerator<T> {
  const bell = new Bell();
  const lanes = sources.map((source) => new Lane(source, bell));
  try {
    for (;;) {
      const late = lanes.filter((lane) => lane.isAwaited);
      if (late.length > 0) {
        if ((await bell.ringsWithin(patienceMs)) === 'silent') for (const lane of late) lane.isSlow = true;
        continue;
      }
      const next = soonest(lanes);
      if (next === undefined && lanes.every((lane) => lane.state.name === 'done')) return;
      const wait = next === undefined ? Number.POSITIVE_INFINITY : next.due - clock.now();
      if (next !== undefined && wait <= 0) {
        yield next.lane.take();
        continue;
      }
      if (next !== undefined) bell.ringAfter(clock, next.due, Math.min(wait / 1000, longestSleepMs));
      await bell.rings();
    }
  } finally {
    for (const lane of lanes) lane.letGo();
  }
}

type LaneState<T> =
  | { readonly name: 'reading' }
  | { readonly name: 'ready'; readonly item: T }
  | { readonly name: 'failed'; readonly error: unknown }
  | { readonly name: 'done' };

/** One source and its next item. */
class Lane<T extends Due> {
  state: LaneState<T> = { name: 'reading' };
  isSlow = false;
  readonly #iterator: AsyncIterator<T>;
  readonly #bell: Bell;

  constructor(source: AsyncIterable<T>, bell: Bell) {
    this.#iterator = source[Symbol.asyncIterator]();
    this.#bell = bell;
    this.#read();
  }

  get isAwaited(): boolean {
    return this.state.name === 'reading' && !this.isSlow;
  }

  /** The item that is ready; the source begins to make its next one. */
  take(): T {
    if (this.state.name !== 'ready') throw new TypeError(`a lane that is ${this.state.name} has no item`);
    const { item } = this.state;
    this.#read();
    return item;
  }

  letGo(): void {
    // Not awaited: it may be in a read that never ends. What closing it may still complain of concerns nobody then.
    this.#iterator.return?.().catch(() => undefined);
  }

  #read(): void {
    this.state = { name: 'reading' };
    const settle = (state: LaneState<T>) => {
      this.state = state;
      this.#bell.ring();
    };
    this.#iterator.next().then(
      (step) => settle(step.done === true ? { name: 'done' } : { name: 'ready', item: step.value }),
      (error: unknown) => settle({ name: 'failed', error }),
    );
  }
}

function soonest<T extends Due>(lanes: readonly Lane<T>[]): { lane: Lane<T>; due: Micros } | undefined {
  let found: { lane: Lane<T>; due: Micros } | undefined;
  for (const lane of lanes) {
    if (lane.state.name === 'failed') throw lane.state.error;
    if (lane.state.name !== 'ready') continue;
    const { due } = lane.state.item;
    if (found === undefined || due < found.due) found = { lane, due };
  }
  return found;
}
