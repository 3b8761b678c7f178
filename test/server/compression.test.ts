import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { maskedFrame } from '../../bench/support/raw-subscriber.ts';
import { imbalance } from '../../src/bus/index.ts';
import { decodeServerFrames, encodeClientFrame, type ServerFrame } from '../../src/protocol/index.ts';
import { TestClient } from '../support/test-client.ts';
import { type TestServer, testServer } from '../support/test-server.ts';

let server: TestServer | undefined;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server?.stop();
  server = undefined;
});

const note = z.object({ text: z.string() });
const short = 'x'.repeat(100);
const long = 'x'.repeat(3000);

test('long messages are compressed, short ones are not, on joining and as they come', async () => {
  server = await testServer({ compressFromBytes: 1000 });
  const topic = server.topic('a.note', 'latest', note);
  topic.publish({ text: long }, { ts: 1 });
  const peer = await Peer.open(server, deflate);
  expect(peer.extensions).toMatch(/^permessage-deflate;.*server_no_context_takeover/);
  peer.subscribe('a.*');
  expect(await peer.next('snapshot')).toMatchObject({
    isCompressed: true,
    bytes: expect.toSatisfy((bytes) => bytes < 200),
  });
  topic.publish({ text: short }, { ts: 2 });
  expect(await peer.next('data')).toMatchObject({ isCompressed: false });
  topic.publish({ text: long }, { ts: 3 });
  const { frame, ...told } = await peer.next('data');
  expect(told).toMatchObject({ isCompressed: true, bytes: expect.toSatisfy((bytes) => bytes < 200) });
  expect(frame).toMatchObject({ seq: 3, values: [long] });
});

test.each([
  ['the client did not ask for it', 1000, ''],
  ['the server was not told to', 0, deflate()],
])('nothing is compressed where %s', async (_, compressFromBytes, asked) => {
  server = await testServer({ compressFromBytes });
  const topic = server.topic('a.note', 'latest', note);
  topic.publish({ text: long }, { ts: 1 });
  const peer = await Peer.open(server, () => asked);
  expect(peer.extensions).toBe('');
  peer.subscribe('a.*');
  expect(await peer.next('snapshot')).toMatchObject({
    isCompressed: false,
    bytes: expect.toSatisfy((bytes) => bytes > 3000),
  });
});

test('a client frame that inflates to more than a frame may be ends its connection, in one piece or in many', async () => {
  server = await testServer({ compressFromBytes: 1000, maxFrameBytes: 4096 });
  const bomb = deflated(Buffer.alloc(50_000_000));
  expect(bomb.length).toBeGreaterThan(4096); // refused for its own length: the one below is not
  const shorter = deflated(Buffer.alloc(3_000_000));
  expect(shorter.length).toBeLessThan(4096);
  for (const pieces of [1, 3]) {
    const peer = await Peer.open(server, deflate);
    const before = process.memoryUsage().rss;
    const size = Math.ceil(shorter.length / pieces);
    for (let i = 0; i < pieces; i++) {
      const isLast = i === pieces - 1;
      const opcode = (isLast ? 0x80 : 0) | (i === 0 ? 0x42 : 0);
      peer.socket.write(maskedFrame(shorter.subarray(i * size, (i + 1) * size), opcode));
    }
    await peer.closed;
    expect(process.memoryUsage().rss - before).toBeLessThan(3_000_000);
  }
  expect(server.server.sessions.size).toBe(0);
  const peer = await Peer.open(server, deflate);
  peer.socket.write(maskedFrame(bomb.subarray(0, 60_000), 0xc2));
  await peer.closed;
});

test('a compressed client frame within bounds is read, and rubbish in its place ends the connection', async () => {
  server = await testServer({ compressFromBytes: 1000, maxFrameBytes: 4096 });
  const peer = await Peer.open(server, deflate);
  const sdk = 'x'.repeat(3900);
  peer.socket.write(maskedFrame(deflated(encodeClientFrame({ op: 'hello', id: 7, options: { sdk } })), 0xc2));
  expect((await peer.next('error')).frame).toMatchObject({ id: 7 }); // greeted twice: it was read
  peer.socket.write(maskedFrame(deflated(encodeClientFrame({ op: 'ping', t0: 5 })), 0xc2));
  expect((await peer.next('pong')).frame).toMatchObject({ t0: 5 });
  peer.socket.write(maskedFrame(Buffer.alloc(300, 0xff), 0xc2));
  await peer.closed;
});

test('a client that stops reading is spared the rest, and told of it, as without compression', async () => {
  server = await testServer({ compressFromBytes: 500, lagMs: 100, probeEveryMs: 20 });
  const topic = server.topic('a.latest', 'latest', note);
  topic.publish({ text: '0' }, { ts: 1 });
  const client = await TestClient.greeted(server.ws);
  expect(client.socket.extensions).toContain('permessage-deflate');
  client.subscribe('a.*');
  await client.next('snapshot');
  const [session] = server.server.sessions;
  const step = () => session!.pace.step;
  client.socket.pause();
  let n = 1;
  const publish = () => topic.publish({ text: `${++n} ${noise()}` }, { ts: 1 });
  while (step() === 'full') {
    publish();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const told = n;
  for (let i = 0; i < 50; i++) publish();
  client.socket.resume();
  while (step() !== 'full') await new Promise((resolve) => setTimeout(resolve, 1));
  publish();

  const frames: ServerFrame[] = [];
  for (;;) {
    const frame = await client.any();
    frames.push(frame);
    if (frame.op === 'data' && frame.seq === n) break;
  }
  const marks = frames.filter((frame) => frame.op === 'mark');
  expect(marks).toMatchObject([{ from: told + 1, to: n - 2, count: n - 2 - told, reason: 'slow' }]);
  expect(imbalance(session!.ledger())).toBe(0);
  expect(session!.ledger()).toMatchObject({ pending: 0, conflated: n - 2 - told });
});

/** Compresses to about half: what a compressor must work on. */
function noise(): string {
  return Array.from({ length: 200 }, () => Math.random().toString(36).slice(2, 10)).join('');
}

/** As RFC 7692 section 7.2.1 has it. */
function deflated(bytes: Uint8Array): Buffer {
  return deflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -tail.length);
}

function deflate(): string {
  return 'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n';
}

type Told = { frame: ServerFrame; isCompressed: boolean; bytes: number };

/** Sees messages as they travel. */
class Peer {
  readonly socket: Socket;
  readonly closed: Promise<unknown>;
  extensions = '';
  #bytes: Buffer = Buffer.alloc(0);
  readonly #told: Told[] = [];
  #wake = () => {};

  private constructor(socket: Socket) {
    this.socket = socket;
    sockets.push(socket);
    socket.on('error', () => {});
    this.closed = once(socket, 'close');
  }

  /** HELLO is said. */
  static async open({ port }: TestServer, extension: () => string): Promise<Peer> {
    const peer = new Peer(connect(port, '127.0.0.1'));
    await once(peer.socket, 'connect');
    peer.socket.write(
      `GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${extension()}` +
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
    );
    const [answer] = await once(peer.socket, 'data');
    peer.extensions = /^sec-websocket-extensions: (.*)$/im.exec(answer.toString('latin1'))?.[1]?.trim() ?? '';
    peer.socket.on('data', (chunk) => peer.#take(chunk));
    peer.socket.write(maskedFrame(encodeClientFrame({ op: 'hello', id: 1, options: {} })));
    await peer.next('welcome');
    return peer;
  }

  subscribe(pattern: string): void {
    this.socket.write(maskedFrame(encodeClientFrame({ op: 'subscribe', id: 2, subscriptions: [{ sid: 1, pattern }] })));
  }

  async next(op: ServerFrame['op']): Promise<Told> {
    for (;;) {
      const told = this.#told.shift();
      if (told?.frame.op === op) return told;
      if (told === undefined) await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  #take(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    for (;;) {
      const [first = 0, size = 0] = this.#bytes;
      const at = size === 126 ? 4 : 2;
      const length = size === 126 && this.#bytes.length >= 4 ? this.#bytes.readUInt16BE(2) : size;
      if (this.#bytes.length < 2 || this.#bytes.length < at + length) break;
      this.#read(first, this.#bytes.subarray(at, at + length));
      this.#bytes = this.#bytes.subarray(at + length);
    }
    this.#wake();
  }

  #read(first: number, payload: Buffer): void {
    if ((first & 0x0f) !== 2) return;
    const isCompressed = (first & 0x40) !== 0;
    const message = isCompressed
      ? inflateRawSync(Buffer.concat([payload, tail]), { finishFlush: constants.Z_SYNC_FLUSH })
      : payload;
    decodeServerFrames(message, (frame) => this.#told.push({ frame, isCompressed, bytes: payload.length }));
  }
}

const tail = Buffer.from([0, 0, 0xff, 0xff]); // what the sender leaves off
