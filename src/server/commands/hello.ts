import type { ClientFrame, FrameOf } from '../../protocol/index.ts';
import type { ServerParts } from '../parts.ts';
import type { Session } from '../session.ts';

/** Answers with WELCOME: the session's terms, and the clock exchange of RFC 5905 section 8 (t0 sent, t1 got, t2 answered). */
export function hello(session: Session, frame: FrameOf<ClientFrame, 'hello'>, parts: ServerParts): void {
  if (session.state !== 'greeting') {
    session.refuse(frame.id, 'badRequest', 'HELLO was already said on this connection');
    return;
  }
  session.open();
  const { heartbeatMs, timeoutMs, maxFrameBytes, maxSubscriptions } = parts.options;
  const t1 = parts.now();
  session.send({
    op: 'welcome',
    id: frame.id,
    info: {
      session: sessionId(),
      server: parts.name,
      heartbeatMs,
      timeoutMs,
      limits: { maxFrameBytes, maxSubscriptions },
      clock: { t0: frame.options.t0 ?? null, t1, t2: parts.now() },
    },
  });
}

function sessionId(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(9))).toString('base64url');
}
