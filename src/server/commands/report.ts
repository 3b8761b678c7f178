import { type ClientFrame, type FrameOf, ProtocolError } from '../../protocol/index.ts';
import type { ServerParts } from '../parts.ts';
import type { Session } from '../session.ts';

/** What the client sees goes into the metrics. It is not answered, and one that comes too soon after another is not counted. */
export function report(session: Session, { report }: FrameOf<ClientFrame, 'report'>, parts: ServerParts): void {
  const spanMs = session.reportSpanMs(performance.now());
  if (spanMs === 'unasked') throw new ProtocolError('badRequest', 'REPORT is for clients whose WELCOME has reportMs');
  if (spanMs !== 'too soon') parts.counts.tookReport(report, spanMs);
}
