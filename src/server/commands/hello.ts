import type { ClientFrame, FrameOf } from '../../protocol/index.ts';
import type { ServerParts } from '../parts.ts';
import type { Session } from '../session.ts';

const maxSdkLength = 60; // a name and a version; more would only fill the log

/** Answers with WELCOME: the session's terms, and the clock exchange of RFC 5905 section 8 (t0 sent, t1 got, t2 answered). */
export function hello(session: Session, frame: FrameOf<ClientFrame, 'hello'>, parts: ServerParts): void {
  if (session.state !== 'greeting') {
    session.refuse(frame.id, 'badRequest', 'HELLO was already said on this connection');
    return;
  }
  const sdk = frame.options.sdk?.slice(0, maxSdkLength);
  session.open(sdk);
  parts.counts.hellos++;
  const reportMs = reportMsFor(parts);
  if (reportMs !== undefined) session.askForReports(reportMs);
  const { heartbeatMs, timeoutMs, maxFrameBytes, maxSubscriptions } = parts.options;
  const t1 = parts.now();
  parts.log.debug({ session: session.id, sdk }, 'session opened');
  session.send({
    op: 'welcome',
    id: frame.id,
    info: {
      session: session.id,
      server: parts.name,
      heartbeatMs,
      timeoutMs,
      limits: { maxFrameBytes, maxSubscriptions },
      clock: { t0: frame.options.t0 ?? null, t1, t2: parts.now() },
      ...(reportMs !== undefined && { reportMs }),
    },
  });
  const { maxBytesPerSec } = frame.options;
  if (maxBytesPerSec !== undefined) session.limitTo(maxBytesPerSec);
}

const reportsPerSec = 50; // about half a per cent of a core; of more clients than send as many, some are not asked

/** Undefined: this client need not report. Of many only some are asked, by chance, so that they stand for all. */
function reportMsFor({ options: { reportEveryMs }, counts }: ServerParts): number | undefined {
  if (reportEveryMs === 0) return undefined;
  const share = (reportsPerSec * reportEveryMs) / 1000 / Math.max(1, counts.connections);
  return Math.random() < share ? reportEveryMs : undefined;
}
