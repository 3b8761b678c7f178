import type { Io } from './io.ts';

/** `promise` resolves at Ctrl-C, when the time is over, or when told that enough was `reached`; `forget` when it no longer matters. */
export function ending(afterMs: number | undefined, io: Io) {
  let reached = () => {};
  const promise = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const forgetSignal = io.onStopSignal(reached);
  const timer = afterMs === undefined ? undefined : setTimeout(reached, afterMs);
  const forget = () => {
    forgetSignal();
    clearTimeout(timer);
  };
  return { promise, reached, forget };
}
