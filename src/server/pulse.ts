/** Looks at every session a few times a second: who never said HELLO, who reads too slowly, who has heard nothing for long. */

import type { ServerParts } from './parts.ts';
import type { Session } from './session.ts';

const laggardsEveryMs = 25; // a laggard that has read what it was sent waits no longer for more
const allEveryMs = 100; // 10,000 sessions take about a millisecond
const greetingsEveryMs = 250;
const sweepEveryMs = 100; // how exactly a topic's silence is measured
const probesPerSec = 2000; // about 2 % of a core; with more sessions than that, each is probed less often

export type Pulse = {
  /** Much was just sent: looks at everyone at the end of this turn, for buffers may have filled. */
  soon(): void;
  stop(): void;
};

export function startPulse(sessions: ReadonlySet<Session>, parts: ServerParts): Pulse {
  let isSoon = false;
  const lookAtAll = () => {
    isSoon = false;
    const now = performance.now();
    const probeEveryMs = Math.max(parts.options.probeEveryMs, (sessions.size / probesPerSec) * 1000);
    for (const session of sessions) session.pace.look(now, probeEveryMs); // may lose members meanwhile
  };
  const timers = [
    setInterval(() => lookAtLaggards(sessions), laggardsEveryMs),
    setInterval(lookAtAll, allEveryMs),
    setInterval(() => lookAtSilence(sessions, parts), greetingsEveryMs),
    setInterval(() => parts.hub.sweep(parts.now()), sweepEveryMs),
  ];
  return {
    soon() {
      if (isSoon) return;
      isSoon = true;
      setImmediate(lookAtAll);
    },
    stop() {
      for (const timer of timers) clearInterval(timer);
    },
  };
}

function lookAtLaggards(sessions: ReadonlySet<Session>): void {
  const now = performance.now();
  for (const session of sessions) if (session.pace.step !== 'full') session.pace.look(now);
}

function lookAtSilence(sessions: ReadonlySet<Session>, { options, now: wallClock }: ServerParts): void {
  const now = performance.now();
  for (const session of sessions) {
    if (session.state === 'greeting' && now - session.connectedAt > options.helloTimeoutMs) {
      session.close('noHello', `no HELLO within ${options.helloTimeoutMs} ms`);
    } else if (session.state === 'open' && now - session.lastSentAt() >= options.heartbeatMs) {
      session.send({ op: 'heartbeat', t: wallClock() });
    }
  }
}
