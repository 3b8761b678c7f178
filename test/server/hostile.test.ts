import { Packr } from 'msgpackr';
import { expect, test } from 'vitest';
import { createRng, type Rng } from '../../src/feed/random.ts';
import { closeCodes, encodeClientFrame, type ServerFrame } from '../../src/protocol/index.ts';
import { TestClient } from '../support/test-client.ts';
import { testServer } from '../support/test-server.ts';

const inputs = 100_000;
const perConnection = 10; // what a connection may get wrong before it is given up
const atOnce = 100;

test(`${inputs} hostile inputs: each answered or closed from the table, and a neighbour misses nothing`, async () => {
  const server = await testServer({ helloTimeoutMs: 60_000 }, [{ pattern: 'open.>', kind: 'latest' }]);
  const witness = await startWitness(server);
  const rng = createRng('hostile', 'inputs');
  const keysBefore = Object.keys(Object.prototype).length;
  const closes = new Map<number, number>();
  let sent = 0;
  const attack = async () => {
    while (sent < inputs) {
      const batch = Array.from({ length: perConnection }, () => hostileInput(rng));
      sent += batch.length;
      const code = await attackOnce(server.ws, batch);
      closes.set(code, (closes.get(code) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, attack));

  await witness.check();
  expect([...closes.keys()].sort()).toEqual([1000, 1006, 4501, 4503, 4505]);
  expect(Object.keys(Object.prototype)).toHaveLength(keysBefore);
  expect(server.logged.filter(({ level }) => level !== 'warn')).toEqual([]);
  expect(server.logged.length).toBeLessThan(20); // a flood is a few lines
  await expect.poll(() => server.server.sessions.size).toBe(1);
  await server.stop();
}, 180_000);

type Input = { bytes: Uint8Array; isText: boolean };

/** Sends what it has and asks at the end; resolves with the close code, 1000 when the server had no reason to close. */
async function attackOnce(url: string, batch: readonly Input[]): Promise<number> {
  const client = await TestClient.open(url);
  const withGreeting = batch[0]!.bytes.length % 4 !== 0;
  if (withGreeting) client.send({ op: 'hello', id: 0, options: {} });
  for (const { bytes, isText } of batch) client.socket.send(bytes, { binary: !isText });
  client.send({ op: 'ping', t0: marker });
  let answers = 0;
  for (;;) {
    const frame = await client.any().catch(() => undefined);
    if (frame === undefined) break;
    if (isMarker(frame)) {
      expect(answers).toBeGreaterThanOrEqual(batch.length);
      client.socket.close(1000);
      break;
    }
    answers++;
  }
  const { code } = await client.closed;
  if (code === closeCodes.tooManyErrors.code) expect(answers).toBeGreaterThanOrEqual(perConnection);
  return code === 1005 ? 1000 : code;
}

const marker = 424_242;

function isMarker(frame: ServerFrame): boolean {
  return frame.op === 'pong' && frame.t0 === marker;
}

const packr = new Packr({ useRecords: false });
const honest = [
  encodeClientFrame({ op: 'hello', id: 1, options: { sdk: 'x', t0: 5 } }),
  encodeClientFrame({ op: 'subscribe', id: 2, subscriptions: [{ sid: 1, pattern: 'none.*' }] }),
  encodeClientFrame({ op: 'unsubscribe', id: 3, sids: [1] }),
  encodeClientFrame({ op: 'publish', id: 4, topic: 'open.x', data: { a: [1, 2, { b: 'c' }] } }),
].map((bytes) => Buffer.from(bytes));

const wrongTypes = [
  [1, 'id', {}],
  [1, -1, {}],
  [1, 1, []],
  [2, 1, 'all'],
  [2, 1, []],
  [2, 1, [{ sid: 'x', pattern: 5 }]],
  [2, 1, [{ sid: 1.5, pattern: 'a' }]],
  [2, 1, [{ pattern: 'a..b', sid: 1 }, null]],
  [3, 1, [{}]],
  [5, 1, 7, {}],
  [5, Number.NaN, 'open.x', 1],
  [9, 'now'],
  [9],
  [],
  'hello',
  null,
  { op: 1 },
  [[1]],
];

/** Each kind once in a while, every byte of it seeded. */
function hostileInput(rng: Rng): Input {
  const binary = (bytes: Uint8Array): Input => ({ bytes, isText: false });
  const pick = rng.float();
  if (pick < 0.25) return binary(mutated(rng));
  if (pick < 0.35) return binary(truncated(rng));
  if (pick < 0.5) return binary(Buffer.from(packr.pack(rng.pick(wrongTypes))));
  if (pick < 0.6) return binary(Buffer.alloc(1 + Math.floor(rng.float() * 2000), rng.pick([0x91, 0x81, 0xdc, 0xde])));
  if (pick < 0.7)
    return binary(
      Buffer.from(
        rng.pick(['ddffffffff', 'dfffffffff', 'dbffffffff', 'c6ffffffff', 'c9ffffffff01', '9305dbffffffff41']),
        'hex',
      ),
    );
  if (pick < 0.8) return binary(Buffer.from(packr.pack([rng.u32() % 256, 1, 'x'])));
  if (pick < 0.88)
    return binary(
      Buffer.from(
        rng.pick([
          '9305a2c328c0',
          '940501a4ff6f6f6f01',
          '920a63',
          'd47201',
          'd6ff00000000',
          'c1',
          'd4650194a3666f6f',
          '8101',
          '81a95f5f70726f746f5f5f01',
        ]),
        'hex',
      ),
    );
  if (pick < 0.99)
    return binary(Buffer.from(Array.from({ length: 1 + Math.floor(rng.float() * 40) }, () => rng.u32() % 256)));
  if (pick < 0.997) return { bytes: Buffer.from(rng.pick(['{"op":"ping","t0":1}', '[', 'hello'])), isText: true };
  // The transport itself ends these two: no close frame, so the peer sees 1006.
  return pick < 0.999 ? { bytes: Buffer.from('c328a0a1', 'hex'), isText: true } : binary(Buffer.alloc(70_000, 0xc0));
}

function mutated(rng: Rng): Buffer {
  const bytes = Buffer.from(rng.pick(honest));
  for (let i = 0; i < 1 + (rng.u32() % 3); i++) bytes[rng.u32() % bytes.length] = rng.u32() % 256;
  return bytes;
}

function truncated(rng: Rng): Buffer {
  const bytes = rng.pick(honest);
  return bytes.subarray(0, 1 + (rng.u32() % (bytes.length - 1)));
}

async function startWitness(server: Awaited<ReturnType<typeof testServer>>) {
  const topic = server.topic('witness');
  const client = await TestClient.greeted(server.ws);
  client.subscribe('witness');
  await client.next('snapshot');
  let published = 0;
  const timer = setInterval(() => {
    topic.publish({ bid: ++published, ask: 0 }, { ts: 1 });
  }, 5);
  return {
    /** Every publication arrived, in order, up to now. */
    async check() {
      clearInterval(timer);
      expect(published).toBeGreaterThan(100);
      for (let seq = 1; seq <= published; seq++)
        expect(await client.next('data')).toMatchObject({ seq, values: [seq, 0] });
      client.close();
    },
  };
}
