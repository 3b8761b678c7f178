/** The WebSocket door: upgrades, and what happens to a socket from open to close. */

import { type Refusal, retryAfterSec } from './admission.ts';
import { trySubscribe } from './commands/subscribe.ts';
import { endingOf, type RefusalReason } from './counts.ts';
import { type HandshakeRequest, handshake } from './handshake.ts';
import type { ServerParts } from './parts.ts';
import { peerAddress } from './peer-address.ts';
import { receive } from './receive.ts';
import { Session, type Socket, type SocketData } from './session.ts';
import type { HttpRequest, HttpResponse, TemplatedApp, us_socket_context_t } from './uws.ts';

export type SocketDoor = {
  /** Kept true to who is connected. */
  readonly sessions: Set<Session>;
  /** As the library counts it; 0: none. */
  readonly compression: number;
  /** Why no more are let in now; undefined while they are. */
  readonly refusal: () => Refusal | undefined;
};

/** Registers `/ws`. */
export function openSocketDoor(
  app: TemplatedApp,
  { sessions, compression, refusal }: SocketDoor,
  parts: ServerParts,
): void {
  const { options, log, counts } = parts;
  app.ws<SocketData>('/ws', {
    compression,
    maxPayloadLength: options.maxFrameBytes,
    idleTimeout: idleTimeoutSec(Math.max(options.timeoutMs, options.evictAfterMs)),
    sendPingsAutomatically: true,
    maxBackpressure: hardLimitBytes(options.evictBytes),
    upgrade: (res, req, context) => upgrade(res, req, context, refusal(), parts),
    open: (socket) => {
      const session = open(socket, parts);
      sessions.add(session);
      counts.connected('websocket');
      socket.getUserData().session = session;
    },
    message: (socket, message, isBinary) => {
      const { session } = socket.getUserData();
      if (session !== undefined) receive(session, message, isBinary, parts);
    },
    pong: (socket, message) => {
      const { session } = socket.getUserData();
      if (session === undefined || message.byteLength !== 8) return; // the library's own pings carry nothing
      session.pace.ponged(new DataView(message).getFloat64(0), performance.now());
    },
    drain: (socket) => {
      const { session } = socket.getUserData();
      session?.pace.drained(performance.now());
    },
    dropped: (socket) => {
      // Runs inside the drain of this very socket, so the answer waits for the turn to end.
      const { session } = socket.getUserData();
      setImmediate(() => session?.close('slowConsumer', 'messages were lost: the client reads too slowly'));
    },
    close: (socket, code) => {
      const { session } = socket.getUserData();
      if (session === undefined) return;
      sessions.delete(session);
      counts.disconnected(session.closedFor ?? endingOf(code));
      session.closed();
      log.debug({ session: session.id, code }, 'session closed');
    },
  });
}

function open(socket: Socket, parts: ServerParts): Session {
  const { wishes } = socket.getUserData();
  const session = new Session(socket, wishes.length > 0 ? 'open' : 'greeting', parts);
  for (const [sid, wish] of wishes.entries()) trySubscribe(session, 0, sid, wish);
  return session;
}

function upgrade(
  res: HttpResponse,
  req: HttpRequest,
  context: us_socket_context_t,
  refusal: Refusal | undefined,
  parts: ServerParts,
): void {
  const { options } = parts;
  const request: HandshakeRequest = {
    host: req.getHeader('host'),
    origin: req.getHeader('origin'),
    version: req.getHeader('sec-websocket-version'),
    key: req.getHeader('sec-websocket-key'),
    protocols: req.getHeader('sec-websocket-protocol'),
    query: new URLSearchParams(req.getQuery()),
  };
  if (refusal !== undefined) {
    refuse(res, refusal.reason, '503 Service Unavailable', refusal.message, parts);
    return;
  }
  const answer = handshake(request, options.allowedOrigins);
  if (answer.verdict === 'refuse') {
    refuse(res, answer.reason, answer.status, answer.message, parts);
    return;
  }
  const { encoding, wishes, protocol } = answer;
  const data: SocketData = { encoding, wishes, session: undefined };
  res.upgrade(data, request.key, protocol, req.getHeader('sec-websocket-extensions'), context);
}

function refuse(
  res: HttpResponse,
  reason: RefusalReason,
  status: string,
  message: string,
  { counts, problems }: ServerParts,
): void {
  counts.refuse(reason);
  if (reason !== 'draining') {
    const fields = { address: peerAddress(res), why: message };
    problems.report('warn', `refused ${reason}`, fields, 'a connection was not let in');
  }
  res.writeStatus(status);
  if (status.startsWith('426')) res.writeHeader('Sec-WebSocket-Version', '13');
  if (status.startsWith('503')) res.writeHeader('Retry-After', String(retryAfterSec));
  res.writeHeader('Content-Type', 'application/json');
  res.end(JSON.stringify({ error: { message } }));
}

/**
 * Far above where a slow socket is closed: over this limit the library loses data and close frames alike. The distance
 * is what may be published between two looks of the pulse.
 */
function hardLimitBytes(evictBytes: number): number {
  return evictBytes + 32 * 1024 * 1024;
}

/** The library ends the process for values outside 8–960 and counts in steps of 4 s. */
function idleTimeoutSec(timeoutMs: number): number {
  return Math.min(960, Math.max(8, Math.ceil(timeoutMs / 4000) * 4));
}
