/** One message from a client: read, checked, and carried out, whatever it holds. */

import { type ClientFrame, decodeClientFrame, ProtocolError } from '../protocol/index.ts';
import { execute } from './commands/index.ts';
import type { ServerCounts } from './counts.ts';
import type { ServerParts } from './parts.ts';
import type { Session } from './session.ts';

/** Never throws: a client's mistake is answered, ours is logged, and nobody else notices either. */
export function receive(session: Session, message: ArrayBuffer, isBinary: boolean, parts: ServerParts): void {
  if (isBinary !== (session.encoding === 'msgpack')) {
    session.close(
      'wrongEncoding',
      isBinary ? 'binary message on a JSON session' : 'text message on a MessagePack session',
    );
    return;
  }
  const { counts } = parts;
  counts.receivedBytes += message.byteLength;
  try {
    const frame = read(message, session, counts);
    if (session.state === 'greeting' && frame.op !== 'hello') {
      session.refuse('id' in frame ? frame.id : null, 'badRequest', `the first frame must be HELLO, got ${frame.op}`);
      session.close('protocolError', 'the first frame must be HELLO');
      return;
    }
    execute(session, frame, parts);
  } catch (error) {
    answerFault(session, error, parts);
  }
}

function read(message: ArrayBuffer, { encoding }: Session, { received }: ServerCounts): ClientFrame {
  let op: ClientFrame['op'] | 'unreadable' = 'unreadable';
  try {
    const frame = decodeClientFrame(new Uint8Array(message), encoding);
    op = frame.op;
    return frame;
  } finally {
    received[op]++;
  }
}

function answerFault(session: Session, error: unknown, { problems }: ServerParts): void {
  if (error instanceof ProtocolError) {
    session.refuse(error.requestId, error.reason, error.message);
    session.countError();
    return;
  }
  problems.report('error', 'frame', { err: error, session: session.id }, 'a frame could not be carried out');
  session.refuse(null, 'internal', 'the server failed to carry this out');
}
