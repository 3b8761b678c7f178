/** Waiting for a moment, for demand or for work, but not beyond an abort. */

import type { Clock } from './clock.ts';
import type { Micros } from './define-feed.ts';
import type { FeedDemand } from './feed-parts.ts';

/** Whether the moment came, or the abort before it. */
export type Waited = 'reached' | 'aborted';

export function reached(clock: Clock, due: Micros, signal: AbortSignal): Promise<Waited>;
/** `changed` where before both something else was wanted. */
export function reached(
  clock: Clock,
  due: Micros,
  signal: AbortSignal,
  demand: FeedDemand,
): Promise<Waited | 'changed'>;
export function reached(clock: Clock, due: Micros, signal: AbortSignal, demand?: FeedDemand) {
  if (signal.aborted) return Promise.resolve<Waited>('aborted');
  return new Promise<Waited | 'changed'>((resolve) => {
    const settle = (how: Waited | 'changed') => {
      cancel();
      undo?.();
      signal.removeEventListener('abort', abort);
      resolve(how);
    };
    const abort = () => settle('aborted');
    const cancel = clock.at(due, () => settle('reached'));
    const undo = demand?.onChange(() => settle('changed'));
    signal.addEventListener('abort', abort);
  });
}

/** Resolves when anybody wants anything, or with the abort. */
export function wanted(demand: FeedDemand, signal: AbortSignal): Promise<'wanted' | 'aborted'> {
  if (signal.aborted) return Promise.resolve('aborted');
  if (demand.rate() > 0) return Promise.resolve('wanted');
  return new Promise((resolve) => {
    const settle = (how: 'wanted' | 'aborted') => {
      undo();
      signal.removeEventListener('abort', abort);
      resolve(how);
    };
    const abort = () => settle('aborted');
    const undo = demand.onChange(() => {
      if (demand.rate() > 0) settle('wanted');
    });
    signal.addEventListener('abort', abort);
  });
}

export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** The work's own outcome, or the word `aborted` when that came first; the work is then on its own. */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | 'aborted'> {
  return new Promise((resolve, reject) => {
    const abort = () => resolve('aborted');
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
