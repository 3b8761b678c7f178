import { expect, test } from 'vitest';
import { Connection, type ConnectionOptions } from '../../src/client/connection.ts';
import { TickwireError } from '../../src/client/errors.ts';
import { clientDefaults } from '../../src/client/options.ts';
import type { SocketLike } from '../../src/client/socket.ts';
import { ManualTime } from '../support/manual-time.ts';

test('it connects, is open once welcomed, and says so', async () => {
  const { connection, events, sockets } = await made();
  expect(connection.state).toEqual({ name: 'connecting', attempt: 1, url: 'ws://a/ws' });
  expect(sockets[0]).toMatchObject({ url: 'ws://a/ws', protocols: ['tickwire.v1.msgpack'], binaryType: 'arraybuffer' });
  sockets[0]!.open();
  connection.welcomed();
  expect(events).toEqual(['connecting 1', 'opened', 'open']);
});

test('messages arrive as bytes, text as text', async () => {
  const { events, sockets } = await made();
  sockets[0]!.receive(new Uint8Array([1, 2]).buffer);
  sockets[0]!.receive('hello');
  expect(events.slice(1)).toEqual(['message 1,2', 'message hello']);
});

test('tries that fail wait longer and longer, with chance between floor and ceiling', async () => {
  const { time, sockets } = await made({}, () => 1);
  const waits: number[] = [];
  for (let i = 0; i < 9; i++) {
    sockets.at(-1)!.close(1006);
    waits.push(time.delays[0]!);
    time.pass(time.delays[0]!);
    await settled();
  }
  expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 20_000, 20_000, 20_000, 20_000]);
});

test('only a connection that held for ten seconds begins the waits anew', async () => {
  const { connection, time, sockets } = await made({}, () => 1);
  const waitAfter = async (openMs: number) => {
    sockets.at(-1)!.open();
    connection.welcomed();
    time.pass(openMs);
    sockets.at(-1)!.close(1006);
    const [waitMs] = time.delays;
    time.pass(waitMs!);
    await settled();
    return waitMs;
  };
  expect([await waitAfter(9999), await waitAfter(0), await waitAfter(10_000), await waitAfter(9999)]).toEqual([
    1000, 2000, 500, 1000,
  ]);
});

test('while it waits it says until when and why', async () => {
  const { connection, time, sockets } = await made({}, () => 0);
  sockets[0]!.close(1012, 'the server is stopping');
  expect(connection.state).toEqual({
    name: 'waiting',
    attempt: 2,
    until: time.now() + 250,
    code: 1012,
    reason: 'the server is stopping',
  });
});

test.each([4501, 4502, 4503, 4505, 4999, 1000])('close code %i is the end, and told as such', async (code) => {
  const { connection, events, sockets, time } = await made();
  sockets[0]!.open();
  connection.welcomed();
  sockets[0]!.close(code, 'why');
  expect(connection.state).toEqual({ name: 'closed', code, reason: 'why' });
  expect(events.slice(-3)).toEqual([`down ${code}`, 'closed', `givenUp ${code} why`]);
  expect(time.timers).toBe(0);
});

test.each([1001, 1006, 1012, 1013, 4001, 4002, 4499])('after close code %i it comes back', async (code) => {
  const { connection, sockets } = await made();
  sockets[0]!.close(code);
  expect(connection.state.name).toBe('waiting');
});

test('after maxAttempts tries it gives up, saying how many there were and what the last one met', async () => {
  const { connection, events, sockets, time } = await made({ maxAttempts: 3 });
  for (let i = 0; i < 3; i++) {
    sockets.at(-1)!.close(1006, 'refused');
    time.pass(time.delays[0] ?? 0);
    await settled();
  }
  expect(connection.state).toMatchObject({ name: 'closed', code: 1006 });
  expect(events.at(-1)).toBe('givenUp 1006 refused (3 tries, maxAttempts)');
  expect(sockets).toHaveLength(3);
});

test('several urls are tried in turn', async () => {
  const { sockets, time } = await made();
  for (let i = 0; i < 3; i++) {
    sockets.at(-1)!.close(1006);
    time.pass(time.delays[0]!);
    await settled();
  }
  expect(sockets.slice(0, 3).map(({ url }) => url)).toEqual(['ws://a/ws', 'ws://b/ws', 'ws://a/ws']);
});

test('a server that does not answer in time is tried again', async () => {
  const { connection, sockets, time } = await made({ connectTimeoutMs: 5000 });
  sockets[0]!.open();
  time.pass(4999);
  expect(connection.state.name).toBe('connecting');
  time.pass(1);
  expect(connection.state).toMatchObject({ name: 'waiting', reason: expect.stringContaining('5000 ms') });
  expect(sockets[0]!.closedWith).toBe(3008);
});

test('dropped, it is done with the socket at once and hears nothing more of it', async () => {
  const { connection, events, sockets } = await made();
  sockets[0]!.open();
  connection.welcomed();
  connection.drop(3008, 'silent');
  connection.drop(3008, 'silent');
  sockets[0]!.receive('late');
  sockets[0]!.close(1006);
  expect(events).toEqual(['connecting 1', 'opened', 'open', 'down 3008', 'waiting 2']);
});

test('closed by us it is closed for good, without giving up; closing twice is harmless', async () => {
  const { connection, events, sockets, time } = await made();
  sockets[0]!.open();
  connection.close(1000, '');
  connection.close(1000, '');
  time.pass(100_000);
  await settled();
  expect(events).toEqual(['connecting 1', 'opened', 'down 1000', 'closed']);
  expect(sockets).toHaveLength(1);
  expect(sockets[0]!.closedWith).toBe(1000);
});

test('closed while it waits or before it begins, it never connects', async () => {
  const waiting = await made();
  waiting.sockets[0]!.close(1006);
  waiting.connection.close(1000, '');
  waiting.time.pass(100_000);
  await settled();
  expect(waiting.sockets).toHaveLength(1);
  const unborn = make();
  unborn.connection.close(1000, '');
  await settled();
  expect(unborn.sockets).toHaveLength(0);
  const halfway = make();
  await Promise.resolve();
  expect(halfway.events).toEqual(['connecting 1']);
  halfway.connection.close(1000, '');
  await settled();
  expect(halfway.sockets).toHaveLength(0);
});

test('a socket that cannot even be made is the end', async () => {
  const { connection, events } = await made({}, Math.random, () => {
    throw new TickwireError('noWebSocket', 'npm install ws');
  });
  expect(connection.state.name).toBe('closed');
  expect(events.at(-1)).toBe('givenUp 1006 npm install ws');
});

/** A socket that the test plays the other end of. */
class PlayedSocket implements SocketLike {
  binaryType = '';
  onopen: unknown = null;
  onmessage: unknown = null;
  onclose: unknown = null;
  onerror: unknown = null;
  closedWith: number | undefined;
  readonly url: string;
  readonly protocols: string[];
  constructor(url: string, protocols: string[]) {
    this.url = url;
    this.protocols = protocols;
  }
  send() {}
  open() {
    call(this.onopen, {});
  }
  receive(data: unknown) {
    call(this.onmessage, { data });
  }
  close(code = 1005, reason = '') {
    this.closedWith = code;
    call(this.onclose, { code, reason });
  }
}

function call(handler: unknown, event: object) {
  if (typeof handler === 'function') handler(event);
}

function make(options: Partial<ConnectionOptions> = {}, random: () => number = Math.random, onMade = () => {}) {
  const time = new ManualTime();
  const sockets: PlayedSocket[] = [];
  const events: string[] = [];
  class Recorded extends PlayedSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols);
      onMade();
      sockets.push(this);
    }
  }
  const connection = new Connection(
    {
      urls: ['ws://a/ws', 'ws://b/ws'],
      options: { ...clientDefaults.connection, ...options },
      WebSocket: Recorded,
      time,
      random,
    },
    {
      opened: () => events.push('opened'),
      message: (data) => events.push(`message ${data}`),
      down: ({ code }) => events.push(`down ${code}`),
      moved: () => events.push('moved'),
      state: (state) => events.push('attempt' in state ? `${state.name} ${state.attempt}` : state.name),
      givenUp: ({ code, reason }) => events.push(`givenUp ${code} ${reason}`),
    },
  );
  return { connection, time, sockets, events };
}

async function made(...parameters: Parameters<typeof make>) {
  const parts = make(...parameters);
  await settled();
  return parts;
}

/** Promises that wait for nothing outside have been heard. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
