/** Frames to bytes and back. The only file that knows msgpackr. */

import { Packr, Unpackr } from 'msgpackr';
import { readClientFrame } from './client-frame.ts';
import { ProtocolError } from './codes.ts';
import {
  type ClientFrame,
  clientFrames,
  type Encoding,
  type FrameOf,
  type FrameShape,
  type ServerFrame,
  serverFrames,
} from './frames.ts';
import { guardJson, guardLimits, guardMessagePack } from './guard.ts';
import { type NamedTopic, toJson } from './json-form.ts';
import { toPlain } from './plain.ts';
import { wellFormed } from './text.ts';

/** How one encoding writes what the server says. Bytes may be a view on a shared buffer: copy before the next call. */
export type ServerCodec = {
  readonly encoding: Encoding;
  readonly isBinary: boolean;
  encode(frame: ServerFrame): Uint8Array;
};

export function serverCodec(encoding: Encoding, topicOf: (tid: number) => NamedTopic): ServerCodec {
  if (encoding === 'msgpack') return { encoding, isBinary: true, encode: encodeMessagePack };
  const written = (frame: ServerFrame) => JSON.stringify(toJson(frame, topicOf));
  if (encoding === 'sse') {
    const event = (frame: ServerFrame) => text.encode(`event: ${frame.op}\ndata: ${written(frame)}\n\n`);
    return { encoding, isBinary: false, encode: event }; // JSON text has no line breaks, which would end the event
  }
  return { encoding, isBinary: false, encode: (frame) => text.encode(written(frame)) };
}

/** Reads one client frame from untrusted bytes, or throws ProtocolError. `isBinary` is how the peer sent it. */
export function decodeClientFrame(bytes: Uint8Array, encoding: Encoding): ClientFrame {
  return readClientFrame(encoding === 'msgpack' ? decodeUntrusted(bytes) : parseUntrusted(bytes));
}

/** What a client sends. Throws RangeError for data that is nested too deeply for any server to take. */
export function encodeClientFrame(frame: ClientFrame): Uint8Array {
  return packr.pack(toPlain(toArray(frame, clientFrames[frame.op])));
}

/**
 * Calls `visit` with each frame of one server message, in order. Frames of an unknown number are passed over.
 * Throws before the first visit when the message can't be read; what `visit` throws goes to the caller.
 */
export function decodeServerFrames(bytes: Uint8Array, visit: (frame: ServerFrame) => void): void {
  // All are read before any is visited: the decoder's state is global, and a visit may run anyone's code.
  const frames: ServerFrame[] = [];
  try {
    serverUnpackr.unpackMultiple(bytes, (value: unknown) => {
      const frame = toServerFrame(value);
      if (frame !== undefined) frames.push(frame);
    });
  } catch (cause) {
    if (cause instanceof ProtocolError) throw cause;
    throw new ProtocolError('badRequest', 'not a message: MessagePack that cannot be read', { cause });
  }
  for (let i = 0; i < frames.length; i++) visit(frames[i] as ServerFrame);
}

// Undefined inside a value would travel as an extension type, which our own guard refuses.
const packr = new Packr({ useRecords: false, variableMapSize: true, encodeUndefinedAsNil: true });
const serverUnpackr = new Unpackr({ useRecords: false, mapsAsObjects: true, int64AsType: 'number' });
/** Used for nothing but bytes that guardMessagePack let through. */
const clientUnpackr = new Unpackr({
  useRecords: false,
  mapsAsObjects: true,
  int64AsType: 'number',
  structuredClone: false,
  copyBuffers: true,
});
const text = new TextEncoder();
const strictText = new TextDecoder('utf-8', { fatal: true });

function encodeMessagePack(frame: ServerFrame): Uint8Array {
  if (frame.op === 'data') return packData(frame);
  if (frame.op === 'patch') return packPatch(frame);
  return packr.pack(toArray(frame, serverFrames[frame.op]));
}

/** DATA and PATCH are the hot path: no walk over the table. */
function packData({ tid, seq, ts, values, key }: FrameOf<ServerFrame, 'data'>): Uint8Array {
  const code = serverFrames.data[0];
  return packr.pack(key === undefined ? [code, tid, seq, ts, values] : [code, tid, seq, ts, values, wellFormed(key)]);
}

function packPatch({ tid, seq, ts, base, changes, key }: FrameOf<ServerFrame, 'patch'>): Uint8Array {
  const code = serverFrames.patch[0];
  if (key === undefined) return packr.pack([code, tid, seq, ts, base, changes]);
  return packr.pack([code, tid, seq, ts, base, changes, wellFormed(key)]);
}

function toArray(frame: object, [code, ...fields]: FrameShape): unknown[] {
  const source = frame as Record<string, unknown>;
  const array: unknown[] = [code];
  for (const field of fields) {
    const value = source[field];
    array.push(typeof value === 'string' ? wellFormed(value) : value);
  }
  while (array[array.length - 1] === undefined) array.pop(); // absent at the end is shorter than null
  return array;
}

const serverOps = new Map<number, readonly [op: string, fields: readonly string[]]>(
  Object.entries(serverFrames).map(([op, [code, ...fields]]) => [code, [op, fields]]),
);

function toServerFrame(value: unknown): ServerFrame | undefined {
  if (!Array.isArray(value)) throw new ProtocolError('badRequest', 'not a message: a frame is not an array');
  // By index: taking an array apart goes through its iterator.
  if (value[0] === serverFrames.data[0]) {
    const key = value[5];
    const frame = { op: 'data' as const, tid: value[1], seq: value[2], ts: value[3], values: value[4] };
    return key == null ? frame : { ...frame, key };
  }
  if (value[0] === serverFrames.patch[0]) {
    const key = value[6];
    const op = 'patch' as const;
    const frame = { op, tid: value[1], seq: value[2], ts: value[3], base: value[4], changes: value[5] };
    return key == null ? frame : { ...frame, key };
  }
  const known = serverOps.get(value[0]);
  if (known === undefined) return undefined;
  const [op, fields] = known;
  const frame: Record<string, unknown> = { op };
  for (const [i, field] of fields.entries()) {
    const item = value[i + 1];
    if (item !== undefined && (item !== null || fieldsThatMayBeNull.has(field))) frame[field] = item;
  }
  return frame as ServerFrame;
}

/** ERROR's `id` and OK's `result`; in every other place null stands for what is absent. */
const fieldsThatMayBeNull: ReadonlySet<string> = new Set(['id', 'result']);

function decodeUntrusted(bytes: Uint8Array): unknown {
  guardMessagePack(bytes);
  try {
    return clientUnpackr.unpack(bytes);
  } catch (cause) {
    throw new ProtocolError('badRequest', 'not a message: MessagePack that cannot be read', { cause });
  }
}

function parseUntrusted(bytes: Uint8Array): unknown {
  if (bytes.length > guardLimits.maxBytes) {
    throw new ProtocolError('badRequest', `not a message: longer than ${guardLimits.maxBytes} bytes`);
  }
  let value: unknown;
  try {
    value = JSON.parse(strictText.decode(bytes));
  } catch (cause) {
    throw new ProtocolError('badRequest', 'not a message: JSON that cannot be read', { cause });
  }
  guardJson(value);
  return value;
}
