/** One WebSocket, whoever made it: the browser's, Node's, the package `ws`, or one handed in. */

import { TickwireError } from './errors.ts';

/** What any WebSocket class offers. Handlers are only ever assigned here, so their types do not matter. */
export type SocketLike = {
  binaryType: string;
  onopen: unknown;
  onmessage: unknown;
  onclose: unknown;
  onerror: unknown;
  send(bytes: Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
};
export type SocketConstructor = new (url: string, protocols: string[]) => SocketLike;

export type SocketEvents = {
  opened(): void;
  /** A string when the peer sent text. */
  message(data: Uint8Array | string): void;
  closed(code: number, reason: string): void;
};

export type Socket = {
  send(bytes: Uint8Array): void;
  /** From now on these hear of it, and no one else. */
  tell(events: SocketEvents): void;
  /** Ends it without waiting for the peer: no event comes any more. */
  end(code: number, reason: string): void;
};

export const subprotocol = 'tickwire.v1.msgpack';

export function openSocket(WebSocket: SocketConstructor, url: string, hearer: SocketEvents): Socket {
  const socket = new WebSocket(url, [subprotocol]);
  let state: 'connecting' | 'open' | 'closed' = 'connecting';
  let events = hearer;
  let fault = '';
  const closed = (code: number, reason: string) => {
    if (state === 'closed') return;
    state = 'closed';
    events.closed(code, reason);
  };
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => {
    state = 'open';
    events.opened();
  };
  socket.onmessage = ({ data }: { data: string | ArrayBuffer }) => {
    events.message(typeof data === 'string' ? data : new Uint8Array(data));
  };
  socket.onerror = ({ message }: { message?: string }) => {
    fault = message ?? ''; // browsers say nothing here, on purpose
    // Node 22's WebSocket tells of a connection that never opened by this event alone; 1006 is what the others say then.
    if (state === 'connecting') closed(abnormalClosure, fault);
  };
  socket.onclose = ({ code, reason }: { code: number; reason: string }) => closed(code, reason || fault);
  return {
    send: (bytes) => socket.send(bytes as Uint8Array<ArrayBuffer>), // the encoder never writes to shared memory
    tell(next) {
      events = next;
    },
    end(code, reason) {
      socket.onopen = null;
      socket.onmessage = null;
      socket.onclose = null;
      socket.onerror = () => {}; // `ws` throws an error that nobody listens for, and closing while connecting is one
      socket.close(code, reason);
    },
  };
}

const abnormalClosure = 1006; // RFC 6455 section 7.1.5: gone without a close frame

/** The class to use: the one handed in, else the platform's, else the one of the package `ws`. */
export async function findWebSocket(given: SocketConstructor | undefined): Promise<SocketConstructor> {
  if (given !== undefined) return given;
  if (globalThis.WebSocket !== undefined) return globalThis.WebSocket;
  const name = 'ws'; // not written in the import itself, so that bundlers for the browser do not look for it
  try {
    const module: { WebSocket: SocketConstructor } = await import(/* @vite-ignore */ /* webpackIgnore: true */ name);
    return module.WebSocket;
  } catch (cause) {
    const message =
      'there is no global WebSocket here (Node before 22): `npm install ws`, or hand one in as { WebSocket }';
    throw new TickwireError('noWebSocket', message, { cause });
  }
}
