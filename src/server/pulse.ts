/** Looks at every session a few times a second: who never said HELLO, who reads too slowly, who has heard nothing for long. */

import type { ServerParts } from './parts.ts';
import type { Session } from './session.ts';

const laggardsEveryMs = 25; // a laggard that has read what it was sent waits no longer for more
const allEveryMs = 200; // 10,000 sessions take about two milliseconds; bursts are looked at as they happen
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
  let laggards: readonly Session[] = [];
  const lookAtAll = () => {
    isSoon = false;
    const now = performance.now();
    const probeEveryMs = Math.max(parts.options.probeEveryMs, (sessions.size / probesPerSec) * 1000);
    const found: Session[] = [];
    for (const session of sessions) {
      session.pace.look(now, probeEveryMs); // a Set may lose members while it is walked
      if (session.pace.step !== 'full') found.push(session);
    }
    laggards = found;
  };
  const lookAtLaggards = () => {
    if (laggards.length === 0) return;
    const now = performance.now();
    laggards = laggards.filter(({ pace, state }) => pace.step !== 'full' && state !== 'closed');
    for (const { pace } of laggards) pace.look(now);
  };
  const timers = [
    setInterval(lookAtLaggards, laggardsEveryMs),
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
