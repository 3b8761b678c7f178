/** Looks at every session a few times a second: who never said HELLO, who reads too slowly, who has heard nothing for long. */

import type { ServerParts } from './parts.ts';
import type { Session } from './session.ts';

const tickMs = 25; // a laggard that has read what it was sent waits no longer for more
const roundMs = 500; // everyone is looked at so often, some at each tick: 10,000 at once would hold up the others
const sweepEveryMs = 100; // how exactly a topic's silence is measured
const probesPerSec = 2000; // about 2 % of a core; with more sessions than that, each is probed less often

export type Pulse = {
  /** Much was just sent: looks at everyone at the end of this turn, for buffers may have filled. */
  soon(): void;
  stop(): void;
};

export function startPulse(sessions: ReadonlySet<Session>, parts: ServerParts): Pulse {
  let isSoon = false;
  const laggards = new Set<Session>();
  let round = sessions.values(); // goes on where it was, whoever comes and goes meanwhile
  const probeEveryMs = () => Math.max(parts.options.probeEveryMs, (sessions.size / probesPerSec) * 1000);
  const look = (session: Session, now: number, everyMs: number) => {
    session.pace.look(now, everyMs);
    if (session.pace.step !== 'full') laggards.add(session);
  };
  const lookAtAll = () => {
    isSoon = false;
    const now = performance.now();
    const everyMs = probeEveryMs();
    for (const session of sessions) look(session, now, everyMs);
  };
  const lookAtSome = () => {
    const now = performance.now();
    const everyMs = probeEveryMs();
    for (let left = Math.ceil((sessions.size * tickMs) / roundMs); left > 0; left--) {
      const { done, value } = round.next();
      if (done) {
        round = sessions.values();
        return;
      }
      look(value, now, everyMs);
      lookAtSilence(value, now, parts);
    }
  };
  const lookAtLaggards = () => {
    if (laggards.size === 0) return;
    const now = performance.now();
    for (const session of laggards) {
      const { pace, state } = session;
      if (state === 'closed' || pace.step === 'full') laggards.delete(session);
      else pace.look(now);
    }
  };
  const timers = [
    setInterval(() => {
      lookAtLaggards();
      lookAtSome();
    }, tickMs),
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

function lookAtSilence(session: Session, now: number, { options, now: wallClock }: ServerParts): void {
  if (session.state === 'greeting' && now - session.connectedAt > options.helloTimeoutMs) {
    session.close('noHello', `no HELLO within ${options.helloTimeoutMs} ms`);
  } else if (session.state === 'open' && now - session.lastSentAt() >= options.heartbeatMs) {
    session.send({ op: 'heartbeat', t: wallClock() });
  }
}
