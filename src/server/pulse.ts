/** Looks at every session a few times a second: who never said HELLO, who reads too slowly, who has heard nothing for long. */

import type { ServerParts } from './parts.ts';
import type { Session } from './session.ts';

const everyMs = 250; // a slow socket must not fill memory between two looks; 10,000 sessions take about a millisecond

export function startPulse(sessions: ReadonlySet<Session>, parts: ServerParts): () => void {
  const timer = setInterval(() => {
    const now = performance.now();
    for (const session of sessions) lookAt(session, now, parts); // a Set may lose members while it is walked
  }, everyMs);
  return () => clearInterval(timer);
}

function lookAt(session: Session, now: number, { options, now: wallClock }: ServerParts): void {
  if (session.state === 'greeting' && now - session.connectedAt > options.helloTimeoutMs) {
    session.close('noHello', `no HELLO within ${options.helloTimeoutMs} ms`);
  } else if (session.bufferedBytes > options.evictBytes) {
    session.close('slowConsumer', `${session.bufferedBytes} bytes wait to be read (evictBytes)`);
  } else if (session.state === 'open' && now - lastHeard(session) >= options.heartbeatMs) {
    session.send({ op: 'heartbeat', t: wallClock() });
  }
}

/** When this session was last sent anything, alone or through one of its streams. */
function lastHeard(session: Session): number {
  let last = session.sentAt;
  for (const stream of session.streams()) if (stream.lastSentAt > last) last = stream.lastSentAt;
  return last;
}
