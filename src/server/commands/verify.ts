import { type Cell, snapshotRows } from '../../bus/index.ts';
import { type ClientFrame, type FrameOf, type ServerFrame, stateChecksum } from '../../protocol/index.ts';
import type { ServerParts } from '../parts.ts';
import type { Session } from '../session.ts';

/** Brings the client to the topic's present, and answers with what the state should be, or with the state itself. */
export function verify(session: Session, frame: FrameOf<ClientFrame, 'verify'>, { hub }: ServerParts): void {
  const { id, sid, topic: name, want } = frame;
  const subscription = session.subscription(sid);
  if (subscription === undefined) {
    session.refuse(id, 'badRequest', `sid ${sid} is not in use on this connection`);
    return;
  }
  const topic = hub.topic(name);
  if (topic === undefined || !subscription.carries(topic)) {
    session.refuse(id, 'unknownTopic', `subscription ${sid} has no topic ${JSON.stringify(name.slice(0, 200))}`);
    return;
  }
  const { kind } = topic.topic;
  if (kind !== 'latest' && kind !== 'keyed') {
    session.refuse(id, 'badRequest', `topic ${name} is ${kind}: it has no state to verify`);
    return;
  }
  const { member } = subscription;
  if (member.isPaused) {
    session.refuse(id, 'badRequest', `subscription ${sid} is paused: what it holds is meant to be old`);
  } else if (want === 'snapshot') {
    member.refresh(topic);
    session.send({ op: 'ok', id, result: {} });
  } else {
    const answer = checksum(member.bringUp(topic), id, sid);
    if (answer !== undefined) session.send(answer);
  }
}

function checksum(cell: Cell | undefined, id: number, sid: number): FrameOf<ServerFrame, 'checksum'> | undefined {
  if (cell === undefined) return undefined;
  const rows = snapshotRows(cell).map(([values, key]) => [key ?? '', values] as const);
  return { op: 'checksum', id, sid, tid: cell.tid, seq: cell.state.seq, ...stateChecksum(rows) };
}
