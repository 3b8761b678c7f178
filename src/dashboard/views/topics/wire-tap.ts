/** A connection of its own that keeps the newest messages as they came. */

import { connect, decodeServerFrames, type ServerFrame, type SocketConstructor } from '../../../client/index.ts';
import { shorten } from '../../format.ts';

export type WireMessage = {
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly size: number;
  /** The whole message, or its beginning. */
  readonly bytes: Uint8Array;
  /** Which frames are in it: `data ×12, mark`. */
  readonly ops: string;
};

export type WireTapEvents = {
  show(messages: readonly WireMessage[]): void;
  fail(text: string): void;
};

const kept = 40;
const keptBytes = 64 * 1024; // of one message: a snapshot of everything is longer than anyone reads
const showEveryMs = 250;

export class WireTap {
  readonly #close: () => void;

  /** Throws TickwireError when the pattern is none. */
  constructor(url: string, pattern: string, token: string | undefined, events: WireTapEvents) {
    let messages: WireMessage[] = [];
    let lastId = 0;
    let isFresh = false;
    const take = (data: Uint8Array) => {
      messages = [messageOf(++lastId, data), ...messages].slice(0, kept);
      isFresh = true;
    };
    const client = connect(url, { WebSocket: listening(take), reports: false, ...(token !== undefined && { token }) });
    const timer = setInterval(() => {
      if (isFresh) events.show(messages);
      isFresh = false;
    }, showEveryMs);
    this.#close = () => {
      clearInterval(timer);
      client.close();
    };
    client.on('error', (error) => events.fail(error.message));
    try {
      client.subscribe(pattern, () => {});
    } catch (fault) {
      this.close();
      throw fault;
    }
  }

  /** Twice is harmless. */
  close(): void {
    this.#close();
  }
}

/** What is in the message, as JSON. */
export function framesOf({ bytes, size }: WireMessage): string {
  if (bytes.length < size) return `too long to be read here: ${size} bytes`;
  const frames = read(bytes);
  return frames === undefined
    ? 'not readable'
    : shorten(frames.map((frame) => JSON.stringify(frame)).join('\n'), 50_000);
}

/** Sixteen bytes a line, as numbers and as letters. */
export function hexDump(bytes: Uint8Array, size: number): string {
  const lines: string[] = [];
  for (let at = 0; at < Math.min(bytes.length, dumpedBytes); at += 16) {
    const part = [...bytes.subarray(at, at + 16)];
    const hex = part.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const letters = part.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join('');
    lines.push(`${at.toString(16).padStart(4, '0')}  ${hex.padEnd(47)}  ${letters}`);
  }
  if (size > dumpedBytes) lines.push(`… ${size - dumpedBytes} more`);
  return lines.join('\n');
}

const dumpedBytes = 2048;

function messageOf(id: number, data: Uint8Array): WireMessage {
  const bytes = data.slice(0, keptBytes);
  return { id, at: Date.now(), size: data.length, bytes, ops: data.length > keptBytes ? 'long' : opsOf(bytes) };
}

function opsOf(bytes: Uint8Array): string {
  const frames = read(bytes);
  if (frames === undefined) return 'not readable';
  const counts = new Map<string, number>();
  for (const { op } of frames) counts.set(op, (counts.get(op) ?? 0) + 1);
  return [...counts].map(([op, count]) => (count === 1 ? op : `${op} ×${count}`)).join(', ');
}

function read(bytes: Uint8Array): ServerFrame[] | undefined {
  const frames: ServerFrame[] = [];
  try {
    decodeServerFrames(bytes, (frame) => frames.push(frame));
  } catch {
    return undefined; // of another version, or cut: its bytes are shown all the same
  }
  return frames;
}

function listening(take: (data: Uint8Array) => void): SocketConstructor {
  return class ListeningSocket extends WebSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols);
      this.addEventListener('message', ({ data }) => {
        if (data instanceof ArrayBuffer) take(new Uint8Array(data));
      });
    }
  } as SocketConstructor;
}
