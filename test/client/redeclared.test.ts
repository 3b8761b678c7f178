/** A source that changes its fields while it is charted: told before the first such value, to everyone, and nothing is lost. */

import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { type Client, connect, type Message } from '../../src/client/index.ts';
import { TestClient } from '../support/test-client.ts';
import { type TestServer, testServer } from '../support/test-server.ts';

const first = z.object({ price: z.number(), note: z.string() });
const wider = z.object({ time: z.int(), price: z.number(), size: z.int() });
const renamed = z.object({ px: z.number() });

let server: TestServer | undefined;
let client: Client | undefined;
afterEach(async () => {
  client?.close();
  await server?.stop();
});

test('values before and after come as they were published, each with its schema; what is held is read by names', async () => {
  const { topic, redeclare, listen } = await setUp('a.quote', 'latest');
  const { messages, next } = listen('a.quote');
  topic.publish({ price: 1, note: 'x' }, { ts: 1 });
  expect(await next()).toMatchObject({ data: { price: 1, note: 'x' }, seq: 1 });

  redeclare(wider);
  topic.publish({ time: 5, price: 2, size: 7 }, { ts: 2 });
  await expect.poll(() => messages.at(-1)).toMatchObject({ data: { time: 5, price: 2, size: 7 }, seq: 2 });

  redeclare(renamed);
  topic.publish({ px: 3 }, { ts: 3 });
  await expect.poll(() => messages.at(-1)).toMatchObject({ data: { px: 3 }, seq: 3 });

  const ids = new Set(messages.map(({ schema }) => schema.id));
  expect(ids.size).toBe(3);
  expect(new Set(messages.map(({ epoch }) => epoch)).size).toBe(1);
});

test('a value that was published before is the same value afterwards, at another scale too', async () => {
  const cents = z.object({ px: z.number().meta({ wire: { type: 'decimal', scale: 2 } }) });
  const mills = z.object({ fee: z.number(), px: z.number().meta({ wire: { type: 'decimal', scale: 3 } }) });
  const { topic, redeclare, listen } = await setUp('a.price', 'latest', cents);
  const { messages, subscription } = listen('a.price');
  topic.publish({ px: 187.23 }, { ts: 1 });
  await expect.poll(() => messages.at(-1)).toMatchObject({ data: { px: 187.23 } });
  redeclare(mills);
  await expect.poll(() => subscription.get('a.price')).toEqual({ fee: null, px: 187.23 });
  await expect.poll(() => subscription.state).toBe('live');
  expect(await subscription.verify('a.price')).toMatchObject({ ok: true });
});

test.each([
  ['fields', { fields: ['price'] }, { price: 9 }],
  ['a rate', { maxRate: 50 }, { time: 5, price: 9, size: 7 }],
  ['a filter', { filter: 'price > 3' }, { time: 5, price: 9, size: 7 }],
  ['changes alone', { delta: true }, { time: 5, price: 9, size: 7 }],
  ['fields that are gone', { fields: ['note'] }, {}],
] as const)('a view of %s goes on', async (_, options, expected) => {
  const { topic, redeclare, listen } = await setUp('a.view', 'latest');
  const { messages, subscription } = listen('a.view', {
    ...options,
    ...('fields' in options && { fields: [...options.fields] }),
  });
  topic.publish({ price: 5, note: 'x' }, { ts: 1 });
  await expect.poll(() => messages.length).toBe(1);
  redeclare(wider);
  topic.publish({ time: 5, price: 8, size: 7 }, { ts: 2 });
  topic.publish({ time: 5, price: 9, size: 7 }, { ts: 3 });
  await expect.poll(() => messages.at(-1)).toMatchObject({ data: expected, seq: 3 });
  await expect.poll(() => subscription.state).toBe('live');
  expect(await subscription.verify('a.view')).toMatchObject({ ok: true });
});

test('rows of a table, events, and their history are read by the new fields', async () => {
  const { server: own, topic, redeclare, listen } = await setUp('a.table', 'keyed');
  const events = own.topic('a.event', 'event', first);
  const { subscription } = listen('a.table');
  const heard = listen('a.event');
  await heard.subscription.ready;
  for (const key of ['x', 'y']) topic.publish({ price: key.length, note: key }, { ts: 1, key });
  for (const price of [1, 2, 3]) events.publish({ price, note: 'n' }, { ts: price });
  await expect.poll(() => heard.messages.length).toBe(3);
  redeclare(wider);
  own.origin.redeclare(events, wider);
  topic.publish({ time: 1, price: 4, size: 2 }, { ts: 2, key: 'x' });
  events.publish({ time: 9, price: 4, size: 1 }, { ts: 4 });
  await expect
    .poll(() => [...subscription.rows('a.table').values()])
    .toEqual([
      { time: 1, price: 4, size: 2 },
      { time: null, price: 1, size: null },
    ]);
  await expect.poll(() => heard.messages.length).toBe(4);
  const { items } = await client!.history('a.event');
  expect(items.map(({ data }) => data)).toEqual([
    ...[1, 2, 3].map((price) => ({ time: null, price, size: null })),
    { time: 9, price: 4, size: 1 },
  ]);
});

test('who is paused is told, too, and goes on with the newest', async () => {
  const { topic, redeclare, listen } = await setUp('a.pause', 'latest');
  const { messages, subscription } = listen('a.pause');
  topic.publish({ price: 1, note: 'x' }, { ts: 1 });
  await expect.poll(() => messages.length).toBe(1);
  await subscription.pause();
  topic.publish({ price: 2, note: 'y' }, { ts: 2 });
  redeclare(wider);
  topic.publish({ time: 1, price: 3, size: 4 }, { ts: 3 });
  await subscription.resume();
  await expect.poll(() => subscription.get('a.pause')).toEqual({ time: 1, price: 3, size: 4 });
});

test('on the wire it is a SCHEMA of a new number and the TOPIC again, before the first such value', async () => {
  const { server: own, topic, redeclare } = await setUp('a.wire', 'latest');
  const raw = await TestClient.greeted(own.ws);
  raw.subscribe('a.wire');
  const before = await raw.next('topic');
  await raw.next('snapshot');
  redeclare(renamed);
  topic.publish({ px: 3 }, { ts: 3 });
  const schema = await raw.next('schema');
  expect(schema.fields).toEqual([{ name: 'px', type: 'float' }]);
  expect(await raw.next('topic')).toEqual({ ...before, schema: schema.schema });
  expect(await raw.next('data')).toMatchObject({ tid: before.tid, seq: 1, values: [3] });
  redeclare(z.object({ px: z.number().min(0) })); // stricter, but the same on the wire
  topic.publish({ px: 4 }, { ts: 4 });
  expect(await raw.next('data')).toMatchObject({ seq: 2, values: [4] });
  expect(topic.publish({ px: -1 }, { ts: 5 })).toMatchObject({ refused: 'schemaMismatch' });
});

async function setUp(name: string, kind: 'latest' | 'keyed' | 'event', schema: z.ZodType = first) {
  const own = await testServer();
  server = own;
  const connected = connect(own.ws);
  client = connected;
  const faults: unknown[] = [];
  connected.on('error', (fault) => faults.push(fault));
  const topic = own.topic(name, kind, schema);
  return {
    server: own,
    topic,
    redeclare: (to: z.ZodType) => own.origin.redeclare(topic, to),
    listen(pattern: string, options = {}) {
      const messages: (Message & { data?: unknown })[] = [];
      const subscription = connected.subscribe(pattern, (message) => void messages.push(message), options);
      const next = async () => {
        await expect.poll(() => messages.length).toBeGreaterThan(0);
        return messages[0];
      };
      return { messages, subscription, next };
    },
  };
}
