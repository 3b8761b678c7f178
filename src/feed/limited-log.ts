/** Problems that repeat are logged once a minute, with how often they came. */

import type { Clock } from './clock.ts';

export type LimitedLog = {
  /** The first of a kind is logged at once; what follows within the minute as one line at its end, the last in full. */
  report(kind: string, message: string): void;
  /** Logs what is still held back and lets go of all timers. */
  flush(): void;
};

type Minute = { held: number; message: string; cancel: () => void };

export function createLimitedLog(log: (message: string) => void, clock: Clock, intervalMs = 60_000): LimitedLog {
  const minutes = new Map<string, Minute>();
  const open = (kind: string) => {
    const cancel = clock.at(clock.now() + intervalMs * 1000, () => close(kind));
    minutes.set(kind, { held: 0, message: '', cancel });
  };
  const close = (kind: string) => {
    const minute = minutes.get(kind);
    minutes.delete(kind);
    if (minute === undefined || minute.held === 0) return;
    log(counted(minute));
    open(kind);
  };
  return {
    report(kind, message) {
      const minute = minutes.get(kind);
      if (minute === undefined) {
        log(message);
        open(kind);
      } else {
        minute.held++;
        minute.message = message;
      }
    },
    flush() {
      for (const minute of minutes.values()) {
        minute.cancel();
        if (minute.held > 0) log(counted(minute));
      }
      minutes.clear();
    },
  };
}

function counted({ held, message }: Minute): string {
  return held === 1 ? message : `${message} (${held} of these since the last line about it)`;
}
