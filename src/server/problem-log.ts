/** What goes wrong with many at once is logged like what goes wrong with one: the first, then how many more there were. */

import type { Log } from './parts.ts';

export type ProblemLog = {
  /** `kind` comes from a closed set: each takes memory for as long as the server runs. Costs little when held back. */
  report(level: 'warn' | 'error', kind: string, fields: object, message: string): void;
  /** Logs what is still held back, and lets go of all timers. */
  flush(): void;
};

/** Runs `run` once; returns how to call it off. */
type After = (delayMs: number, run: () => void) => () => void;

type Held = { level: 'warn' | 'error'; more: number; fields: object; message: string; cancel: () => void };

const intervalMs = 10_000; // of a flood one line in so long says as much as all of them

export function createProblemLog(log: Pick<Log, 'warn' | 'error'>, after: After = realAfter): ProblemLog {
  const held = new Map<string, Held>();
  const write = ({ level, more, fields, message }: Held) => {
    if (more > 0) log[level]({ ...fields, more: more - 1 }, message);
  };
  const open = (kind: string, problem: Omit<Held, 'cancel'>) => {
    held.set(kind, { ...problem, cancel: after(intervalMs, () => close(kind)) });
  };
  const close = (kind: string) => {
    const problem = held.get(kind);
    held.delete(kind);
    if (problem === undefined || problem.more === 0) return;
    write(problem);
    open(kind, { ...problem, more: 0 });
  };
  return {
    report(level, kind, fields, message) {
      const known = held.get(kind);
      if (known === undefined) {
        log[level](fields, message);
        open(kind, { level, more: 0, fields, message });
        return;
      }
      known.more++;
      known.fields = fields;
      known.message = message;
    },
    flush() {
      for (const problem of held.values()) {
        problem.cancel();
        write(problem);
      }
      held.clear();
    },
  };
}

function realAfter(delayMs: number, run: () => void): () => void {
  const timer = setTimeout(run, delayMs);
  timer.unref();
  return () => clearTimeout(timer);
}
