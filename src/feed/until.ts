/** Waiting for a moment or for work, but not beyond an abort. */

import type { Clock } from './clock.ts';
import type { Micros } from './define-feed.ts';

/** Whether the moment came, or the abort before it. */
export type Waited = 'reached' | 'aborted';

export function reached(clock: Clock, due: Micros, signal: AbortSignal): Promise<Waited> {
  if (signal.aborted) return Promise.resolve('aborted');
  return new Promise((resolve) => {
    const abort = () => {
      cancel();
      resolve('aborted');
    };
    const cancel = clock.at(due, () => {
      signal.removeEventListener('abort', abort);
      resolve('reached');
    });
    signal.addEventListener('abort', abort, { once: true });
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
