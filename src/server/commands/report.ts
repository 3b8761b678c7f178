import { type ClientFrame, type FrameOf, ProtocolError } from '../../protocol/index.ts';
import type { ServerParts } from '../parts.ts';
import type { Session } from '../session.ts';

/** What the client sees goes into the metrics. It is not answered; who was not asked, or says it too often, is told so. */
export function report(session: Session, { report }: FrameOf<ClientFrame, 'report'>, parts: ServerParts): void {
  if (!session.takesReport(performance.now())) {
    throw new ProtocolError('limit', 'a REPORT is for every reportMs of WELCOME, and for nobody else');
  }
  parts.counts.tookReport(report);
}
