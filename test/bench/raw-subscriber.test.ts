import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { FrameWalker } from '../../bench/support/frame-walker.ts';
import { openRawSubscriber, type RawListener } from '../../bench/support/raw-subscriber.ts';

let server: WebSocketServer | undefined;
afterEach(() => {
  for (const socket of server?.clients ?? []) socket.terminate();
  server?.close();
  server = undefined;
});

test('frames are found wherever the bytes are cut', () => {
  const payload = fc.oneof(fc.uint8Array({ maxLength: 130 }), fc.constantFrom(125, 126, 65_535, 65_536).map(bytesOf));
  const frame = fc.oneof(
    payload.map((bytes) => ({ opcode: 0x2, bytes })),
    fc.uint8Array({ maxLength: 125 }).map((bytes) => ({ opcode: 0x9, bytes })),
  );
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 12 }), (frames, cuts) => {
      const seen: string[] = [];
      const walker = new FrameWalker({
        ping: (bytes) => seen.push(`9 ${bytes.toString('hex')}`),
        message: (bytes) => seen.push(`2 ${bytes.toString('hex')}`),
      });
      const stream = Buffer.concat(frames.map(({ opcode, bytes }) => serverFrame(opcode, bytes)));
      for (const chunk of cut(stream, cuts)) walker.walk(chunk);

      expect(seen).toEqual(frames.map(({ opcode, bytes }) => `${opcode} ${Buffer.from(bytes).toString('hex')}`));
    }),
  );
});

test('messages that nobody reads are counted, byte by byte cut, and pings between them are not', () => {
  const pings: string[] = [];
  const walker = new FrameWalker({ ping: (bytes) => pings.push(bytes.toString()) });
  const stream = Buffer.concat([
    serverFrame(0x2, bytesOf(70_000)),
    serverFrame(0x9, Buffer.from('12345678')),
    serverFrame(0x1, bytesOf(0)),
    serverFrame(0xa, bytesOf(3)),
    serverFrame(0x2, bytesOf(300)),
    serverFrame(0x9, bytesOf(0)),
  ]);
  for (const byte of stream) walker.walk(Buffer.of(byte));

  expect(walker.messageBytes).toBe(70_300);
  expect(pings).toEqual(['12345678', '']);
});

test.each([
  ['a fragment', '02026869'],
  ['a continuation', '80026869'],
  ['a compressed message', 'c2026869'],
  ['a masked frame', '828600000000686970686970'],
])('%s is not passed over in silence', (_, hex) => {
  const walker = new FrameWalker({ ping: () => {} });
  expect(() => walker.walk(Buffer.from(hex, 'hex'))).toThrow('not a whole, plain server frame');
});

test('a compressed message is told as such where compression was offered, and a compressed ping never is one', () => {
  const seen: [string, boolean][] = [];
  const walker = new FrameWalker({
    ping: () => {},
    message: (bytes, isDeflated) => seen.push([bytes.toString(), isDeflated]),
    isDeflateOffered: true,
  });
  walker.walk(Buffer.from('c2026869'.concat('82026869'), 'hex'));
  expect(seen).toEqual([
    ['hi', true],
    ['hi', false],
  ]);
  expect(walker.messages).toBe(2);
  expect(() => walker.walk(Buffer.from('c9026869', 'hex'))).toThrow('not a whole, plain server frame');
});

test('an upgrade that is refused rejects with what the server said', async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1', verifyClient: () => false });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await expect(openRawSubscriber({ port, path: '/' }, [])).rejects.toThrow(
    'upgrade refused: HTTP/1.1 401 Unauthorized',
  );
});

test('a ping is answered with its payload', async () => {
  const { socket } = await connected();
  socket.ping('12345678');
  const [payload] = await once(socket, 'pong');
  expect(payload.toString()).toBe('12345678');
});

test('what is not to be read is not, until it is; then all of it', async () => {
  const { socket, subscriber } = await connected();
  let isPonged = false;
  socket.once('pong', () => {
    isPonged = true;
  });
  subscriber.readAtMost(0);
  socket.send(bytesOf(100_000));
  socket.ping();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect([subscriber.received(), isPonged]).toEqual([0, false]);

  subscriber.readAtMost(Number.POSITIVE_INFINITY);
  await once(socket, 'pong');
  expect(subscriber.received()).toBe(100_000);
});

test('a slow reader gets everything, at its rate', async () => {
  const { socket, subscriber } = await connected();
  subscriber.readAtMost(50_000);
  const startedAt = performance.now();
  for (let i = 0; i < 20; i++) socket.send(bytesOf(1000));
  for (let i = 0; i < 2; i++) {
    socket.ping(); // the first may be read with the 20 kB, which are then paid for
    await once(socket, 'pong');
  }
  expect(performance.now() - startedAt).toBeGreaterThan(350); // four times 5 kB in 100 ms
  expect(subscriber.received()).toBe(20_000);
});

test('the code of a close is told', async () => {
  let closed: (code: number) => void = () => {};
  const code = new Promise<number>((resolve) => {
    closed = resolve;
  });
  const { socket } = await connected({ closed });
  socket.close(4002, 'slow');
  socket.terminate();
  expect(await code).toBe(4002);
});

async function connected(listener?: RawListener) {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const connection = once(server, 'connection');
  const { port } = server.address() as AddressInfo;
  const subscriber = await openRawSubscriber({ port, path: '/' }, [], listener);
  const [socket] = (await connection) as [WebSocket];
  return { socket, subscriber };
}

function serverFrame(opcode: number, payload: Uint8Array): Buffer {
  const { length } = payload;
  if (length < 126) return Buffer.concat([Buffer.of(0x80 | opcode, length), payload]);
  const header = Buffer.alloc(length < 65_536 ? 4 : 10);
  header.writeUInt8(0x80 | opcode, 0);
  header.writeUInt8(length < 65_536 ? 126 : 127, 1);
  if (length < 65_536) header.writeUInt16BE(length, 2);
  else header.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([header, payload]);
}

function bytesOf(length: number): Uint8Array {
  return Buffer.alloc(length, 'abcdefg');
}

function cut(stream: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.map((place) => place % (stream.length + 1)), stream.length].sort((a, b) => a - b);
  return places.slice(1).map((end, i) => stream.subarray(places[i], end));
}
