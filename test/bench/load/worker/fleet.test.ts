import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { z } from 'zod';
import { addEncoded, encodeHistogram, merged, newHistogram } from '../../../../bench/load/histogram.ts';
import { Fleet } from '../../../../bench/load/worker/fleet.ts';
import type { CrewPlan, Window } from '../../../../bench/load/worker/worker-protocol.ts';
import { sharedMicros } from '../../../../bench/support/shared-clock.ts';
import { stampedText } from '../../../../bench/support/stamp.ts';
import type { OwnedTopic } from '../../../../src/bus/index.ts';
import type { TopicKind } from '../../../../src/protocol/index.ts';
import { type TestServer, testServer } from '../../../support/test-server.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

const schema = z.object({ body: z.string() });
const text = stampedText(40);

test.each(['msgpack', 'json', 'json-batch'] as const)(
  'all that is published comes to everybody, in %s',
  async (encoding) => {
    const { server, topics } = await serving(['bench.t0', 'bench.t1']);
    const fleet = newFleet(server, { connections: 6, encoding });
    expect(await fleet.open()).toMatchObject({ opened: 6 });
    fleet.measure(always());
    for (let i = 0; i < 10; i++) for (const topic of topics) publish(topic);
    const sample = await sampleOf(fleet, 6 * 20);

    expect(sample).toMatchObject({ open: 6, lost: 0 });
    expect(count(sample.latency)).toBe(6 * 20);
    expect(sample.bytes).toBeGreaterThan(6 * 20 * 40);
    expect(fleet.account({ 'bench.t0': 10, 'bench.t1': 10 })).toEqual({
      sums: { delivered: 6 * 20, conflated: 0, missed: 0, lost: 0, duplicates: 0 },
      deliveriesOf: Array.from({ length: 6 }, () => 20),
    });
  },
);

test('each connection has its own topic where the pattern says so, counted from the first number on', async () => {
  const { server, topics } = await serving(['bench.t0', 'bench.t1', 'bench.t2']);
  const fleet = newFleet(server, { connections: 4, firstNumber: 2, topics: 3, patterns: ['bench.t{n}'] });
  await fleet.open();
  fleet.measure(always());
  topics.forEach((topic, i) => {
    for (let k = 0; k <= i; k++) publish(topic);
  });
  await sampleOf(fleet, 3 + 1 + 2 + 3);
  expect(fleet.account({}).deliveriesOf).toEqual([3, 1, 2, 3]);
});

test('only what was due in the window counts, whenever it comes', async () => {
  const { server, topics } = await serving(['bench.t0']);
  const fleet = newFleet(server, { connections: 2 });
  await fleet.open();
  const now = sharedMicros();
  fleet.measure({ fromMicros: now - 5_000_000, untilMicros: now - 1_000_000 });
  for (const due of [now - 6_000_000, now - 5_000_000, now - 2_000_000, now - 1_000_000, now]) publish(topics[0], due);
  const sample = await sampleOf(fleet, 4);
  const latency = newHistogram();
  addEncoded(latency, sample.latency);
  expect(latency.totalCount).toBe(4);
  expect(latency.minNonZeroValue).toBeGreaterThanOrEqual(1_990_000);
  await settled(fleet);
  expect(fleet.account({ 'bench.t0': 5 })).toMatchObject({
    sums: { delivered: 2 * 5, lost: 0 },
    deliveriesOf: [2, 2],
  });
});

test("without stamps the event's time counts, less what the server's clock is ahead", async () => {
  const { server, topics } = await serving(['bench.t0']);
  const offsetMicros = 3_600_000_000;
  const fleet = newFleet(server, { connections: 1, times: { from: 'event', offsetMicros } });
  await fleet.open();
  fleet.measure(always());
  topics[0]?.publish({ body: 'no stamp' }, { ts: Date.now() * 1000 + offsetMicros - 2_000_000 });
  const { latency } = await sampleOf(fleet, 1);
  const micros = newHistogram();
  addEncoded(micros, latency);
  expect(micros.maxValue / 1_000_000).toBeGreaterThan(1.98);
});

test('how old the newest value is that each holds is looked at again and again, within the window', async () => {
  const { server, topics } = await serving(['bench.t0', 'bench.t1']);
  const fleet = newFleet(server, { connections: 2 });
  await fleet.open();
  fleet.measure(always());
  publish(topics[0], sharedMicros() - 3_000_000);
  const ages = newHistogram();
  while (ages.totalCount < 6) {
    await turn();
    addEncoded(ages, fleet.sample().age);
  }
  expect(ages.minNonZeroValue).toBeGreaterThanOrEqual(2_990_000);
  expect(ages.maxValue).toBeGreaterThan(ages.minNonZeroValue);
});

test('bytes count until the window closes', async () => {
  const { server, topics } = await serving(['bench.t0']);
  const fleet = newFleet(server, { connections: 2 });
  await fleet.open();
  fleet.measure({ fromMicros: 0, untilMicros: sharedMicros() });
  publish(topics[0]);
  await settled(fleet);
  expect(fleet.sample()).toMatchObject({ bytes: 0, messages: 0 });
});

test('connections are opened over the time of the ramp', async () => {
  const { server } = await serving(['bench.t0']);
  const { opened, seconds } = await newFleet(server, { connections: 5, rampSec: 0.25 }).open();
  expect(opened).toBe(5);
  expect(seconds).toBeGreaterThanOrEqual(0.19); // the last of five begins after four fifths
});

test('what is published and does not come is lost, and the connection and its hole are named', async () => {
  const { server, topics } = await serving(['bench.t0']);
  const fleet = newFleet(server, { connections: 2, firstNumber: 7 });
  await fleet.open();
  publish(topics[0]);
  await settled(fleet);
  expect(fleet.account({ 'bench.t0': 3 })).toMatchObject({
    sums: { delivered: 2, lost: 4 },
    firstLost: 'connection 7: bench.t0 2 to 3',
  });
});

test('what a rate holds back is announced, so it is conflated and not lost', async () => {
  const { server, topics } = await serving(['bench.t0']);
  const fleet = newFleet(server, { connections: 3, maxRate: 20 });
  await fleet.open();
  for (let i = 0; i < 50; i++) publish(topics[0]);
  await until(() => fleet.account({ 'bench.t0': 50 }).sums.lost === 0);
  const { sums } = fleet.account({ 'bench.t0': 50 });
  expect(sums.delivered + sums.conflated).toBe(150);
  expect(sums.conflated).toBeGreaterThan(100);
});

test.each(['msgpack', 'json-batch'] as const)(
  'who comes back with positions has everything once, in %s',
  async (encoding) => {
    const { server, topics } = await serving(['bench.t0', 'bench.t1'], 'event');
    const fleet = newFleet(server, { connections: 5, encoding });
    await fleet.open();
    for (const topic of topics) publish(topic);
    await settled(fleet);
    await fleet.drop();
    for (const topic of topics) for (let i = 0; i < 4; i++) publish(topic);

    expect(await fleet.rejoin(true)).toMatchObject({ connections: 5, failed: {}, recovered: 10, gaps: 0 });
    await settled(fleet);
    expect(fleet.account({ 'bench.t0': 5, 'bench.t1': 5 }).sums).toEqual({
      delivered: 5 * 2 * 5,
      conflated: 0,
      missed: 0,
      lost: 0,
      duplicates: 0,
    });
  },
);

test.each(['msgpack', 'json'] as const)(
  'who knows more topics than a message has room for comes back all the same, in %s',
  async (encoding) => {
    const names = Array.from({ length: 1100 }, (_, i) => `bench.${'long-'.repeat(i % 2 === 0 ? 1 : 30)}${i}`);
    const { server, topics } = await serving(names);
    const fleet = newFleet(server, { connections: 1, encoding });
    for (const topic of topics) publish(topic);
    await fleet.open();
    await fleet.drop();
    const { connections, recovered, gaps } = await fleet.rejoin(true);
    expect({ connections, topics: recovered + gaps }).toEqual({ connections: 1, topics: 1100 });
    expect(recovered).toBeGreaterThan(300);
    expect(fleet.account({}).sums).toEqual({ delivered: 0, conflated: 0, missed: 0, lost: 0, duplicates: 0 });
  },
);

test('who comes back too late is told what is gone', async () => {
  const { server, topics } = await serving(['bench.t0'], 'event');
  const fleet = newFleet(server, { connections: 2 });
  await fleet.open();
  await fleet.drop();
  for (let i = 0; i < 1010; i++) publish(topics[0]);
  expect(await fleet.rejoin(true)).toMatchObject({ connections: 2, recovered: 0, gaps: 2 });
  await settled(fleet);
  const { sums } = fleet.account({ 'bench.t0': 1010 });
  expect(sums).toMatchObject({ lost: 0, duplicates: 0 });
  expect(sums.missed).toBeGreaterThanOrEqual(2 * 10);
  expect(sums.missed + sums.delivered).toBe(2 * 1010);
});

test('who comes back as a newcomer begins anew', async () => {
  const { server, topics } = await serving(['bench.t0']);
  const fleet = newFleet(server, { connections: 2 });
  await fleet.open();
  const before = fleet.settle();
  await fleet.drop();
  expect(fleet.sample()).toMatchObject({ open: 0, lost: 0 });
  expect(fleet.settle()).toEqual(before);
  for (let i = 0; i < 4; i++) publish(topics[0]);
  expect(await fleet.rejoin(false)).toMatchObject({ connections: 2, recovered: 0, gaps: 0 });
  expect(fleet.sample()).toMatchObject({ open: 2, lost: 0 });
  expect(fleet.account({ 'bench.t0': 4 }).sums).toMatchObject({ delivered: 0, conflated: 0, lost: 0 });
});

test('all can leave their topics, come back to them, and ask for every snapshot', async () => {
  const { server, topics } = await serving(['bench.t0', 'bench.t1']);
  const fleet = newFleet(server, { connections: 3 });
  await fleet.open();
  expect(await fleet.unsubscribe()).toMatchObject({ connections: 3 });
  const { bytes } = fleet.settle();
  for (const topic of topics) publish(topic);
  const joined = await fleet.subscribe();
  expect(joined).toMatchObject({ connections: 3 });
  expect(count(joined.times)).toBe(3);
  expect(fleet.settle().bytes).toBeGreaterThan(bytes);

  expect(await fleet.snapshots()).toMatchObject({ connections: 3 });
  for (const topic of topics) publish(topic);
  await settled(fleet);
  expect(fleet.account({ 'bench.t0': 2, 'bench.t1': 2 }).sums).toMatchObject({ delivered: 6, lost: 0, duplicates: 0 });
});

test('slow connections are left out of what each got and of latency, and in the end are held to all they were told', async () => {
  const { server, topics } = await serving(['bench.t0']);
  const fleet = newFleet(server, { connections: 4 });
  await fleet.open();
  fleet.measure({ ...always(), slow: { share: 0.5, how: { kind: 'stall' } } });
  publish(topics[0]);
  await sampleOf(fleet, 2);
  expect(fleet.account({ 'bench.t0': 1 })).toMatchObject({ sums: { delivered: 2, lost: 2 }, deliveriesOf: [1, 1] });
  fleet.settle();
  const { latency } = await sampleOf(fleet, 2);
  expect(fleet.account({ 'bench.t0': 1 })).toMatchObject({ sums: { delivered: 4, lost: 0 }, deliveriesOf: [1, 1] });
  expect(merged([latency]).ms).toBeUndefined();
});

test('who stalls for a while gets everything in the end', async () => {
  const { server, topics } = await serving(['bench.t0']);
  const fleet = newFleet(server, { connections: 2 });
  await fleet.open();
  fleet.measure({ ...always(), slow: { share: 1, how: { kind: 'stallFor', seconds: 0.1 } } });
  for (let i = 0; i < 5; i++) publish(topics[0]);
  await until(() => fleet.account({ 'bench.t0': 5 }).sums.lost === 0);
  expect(fleet.account({ 'bench.t0': 5 })).toMatchObject({ sums: { delivered: 10 }, deliveriesOf: [] });
});

test('compressed messages are read like others, and are fewer bytes', async () => {
  const { server, topics } = await serving(['bench.t0'], 'latest', { compressFromBytes: 64 });
  const long = stampedText(2000);
  const bytes: number[] = [];
  for (const isCompressed of [true, false]) {
    const fleet = newFleet(server, { connections: 2, isCompressed });
    await fleet.open();
    fleet.measure(always());
    const before = fleet.settle().bytes;
    topics[0]?.publish({ body: long(sharedMicros()) }, { ts: Date.now() * 1000 });
    await sampleOf(fleet, 2);
    bytes.push(fleet.settle().bytes - before);
  }
  expect(bytes[0]).toBeGreaterThan(1500); // as much as names and prices take, not a row of the same letter
  expect(bytes[0]).toBeLessThan(3000);
  expect(bytes[1]).toBeGreaterThan(4000);
});

test('connections whose frames are not read count by their bytes, when all get the same', async () => {
  const { server, topics } = await serving(['bench.t0']);
  const fleet = newFleet(server, { connections: 8, readOneIn: 4 });
  expect(await fleet.open()).toMatchObject({ opened: 8 });
  fleet.measure(always());
  for (let i = 0; i < 10; i++) publish(topics[0]);
  await settled(fleet);
  const sample = fleet.sample();
  expect(count(sample.latency)).toBe(2 * 10);
  expect(sample.deliveries).toBe(8 * 10);
  expect(fleet.account({ 'bench.t0': 10 })).toMatchObject({ sums: { delivered: 20, lost: 0 }, deliveriesOf: [10, 10] });
});

test('connections whose frames are not read can be dropped, come back and be asked all the same', async () => {
  const { server, topics } = await serving(['bench.t0']);
  const fleet = newFleet(server, { connections: 4, readOneIn: 2 });
  await fleet.open();
  for (let i = 0; i < 3; i++) publish(topics[0]);
  await settled(fleet);
  await fleet.drop();
  expect(await fleet.rejoin(true)).toMatchObject({ connections: 4 });
  expect(await fleet.snapshots()).toMatchObject({ connections: 4 });
  const other = server.topic('bench.born', 'latest', schema);
  publish(other);
  await settled(fleet); // TOPIC came and was not looked at
  const snapshots = fleet.snapshots();
  publish(other);
  expect(await snapshots).toMatchObject({ connections: 4 });
  expect(fleet.sample()).toMatchObject({ open: 4, lost: 0 });
});

test('connections that the server closes are lost, and their accounts end there', async () => {
  const { server, topics } = await serving(['bench.t0']);
  const fleet = newFleet(server, { connections: 3 });
  await fleet.open();
  publish(topics[0]);
  await settled(fleet);
  await server.stop();
  await until(() => fleet.sample().lost === 3);
  expect(fleet.sample().open).toBe(0);
  expect(fleet.account({ 'bench.t0': 9 }).sums).toMatchObject({ delivered: 3, lost: 0 });
});

test('connections that never opened are left out of what each got', async () => {
  const { server, topics } = await serving(['bench.t0'], 'latest', { maxConnections: 2 });
  const fleet = newFleet(server, { connections: 3 });
  expect(await fleet.open()).toMatchObject({ opened: 2 });
  fleet.measure(always());
  publish(topics[0]);
  await sampleOf(fleet, 2);
  expect(fleet.account({ 'bench.t0': 1 })).toMatchObject({ sums: { delivered: 2, lost: 0 }, deliveriesOf: [1, 1] });
});

test('why connections failed is counted by reason', async () => {
  const { server } = await serving(['bench.t0']);
  const refused = newFleet(server, { connections: 3, patterns: ['bench..t0'] });
  const { opened, failed } = await refused.open();
  expect(opened).toBe(0);
  expect(Object.entries(failed)).toEqual([[expect.stringContaining('error 105: pattern "bench..t0"'), 3]]);

  const other = createServer((_, response) => response.writeHead(404).end()).listen(0, '127.0.0.1');
  await once(other, 'listening');
  stops.push(() => other.close());
  const { port } = other.address() as AddressInfo;
  expect(await newFleet({ ws: `ws://127.0.0.1:${port}` }, { connections: 2 }).open()).toMatchObject({
    opened: 0,
    failed: { 'upgrade refused: HTTP/1.1 404 Not Found': 2 },
  });
  other.close();
  await once(other, 'close');
  const { failed: unreachable } = await newFleet({ ws: `ws://127.0.0.1:${port}` }, { connections: 2 }).open();
  expect(Object.values(unreachable)).toEqual([2]);
  expect(Object.keys(unreachable)[0]).toContain('ECONNREFUSED');
});

test('what is no message of a Tickwire server ends the connection, and is told', async () => {
  const other = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(other, 'listening');
  stops.push(() => other.close());
  const [welcome, subscribed] = ['934001c0', '96450201000000'];
  const answer = Buffer.from(`${welcome}${subscribed}07`, 'hex');
  other.on('connection', (socket) => socket.on('message', () => socket.send(answer)));
  const { port } = other.address() as AddressInfo;
  const fleet = newFleet({ ws: `ws://127.0.0.1:${port}` }, { connections: 2, firstNumber: 4 });
  expect(await fleet.open()).toMatchObject({ opened: 2 });
  await until(() => fleet.sample().lost === 2);
  expect(fleet.account({}).firstLost).toBe('connection 4: not a message: a frame is not an array');
});

async function serving(names: readonly string[], kind: TopicKind = 'latest', options = {}) {
  const server = await testServer(options);
  stops.push(() => server.stop());
  return { server, topics: names.map((name) => server.topic(name, kind, schema)) };
}

function newFleet({ ws }: Pick<TestServer, 'ws'>, plan: Partial<CrewPlan>): Fleet {
  const fleet = new Fleet({
    url: ws,
    connections: 1,
    firstNumber: 0,
    topics: 1,
    rampSec: 0,
    encoding: 'msgpack',
    patterns: ['bench.>'],
    readOneIn: 1,
    times: { from: 'stamp' },
    ...plan,
  });
  stops.push(() => fleet.close());
  return fleet;
}

function publish(topic: OwnedTopic | undefined, due = sharedMicros()): void {
  topic?.publish({ body: text(due) }, { ts: Date.now() * 1000 });
}

function always(): Window {
  return { fromMicros: 0, untilMicros: sharedMicros() + 60_000_000 };
}

/** All samples together, once so many deliveries are in them. */
async function sampleOf(fleet: Fleet, deliveries: number) {
  const latency = newHistogram();
  let sum = 0;
  let bytes = 0;
  for (;;) {
    const sample = fleet.sample();
    sum += sample.deliveries;
    bytes += sample.bytes;
    addEncoded(latency, sample.latency);
    if (sum >= deliveries) return { ...sample, deliveries: sum, bytes, latency: encodeHistogram(latency) };
    await turn();
  }
}

/** Resolves when nothing has come for a while. */
async function settled(fleet: Fleet): Promise<void> {
  let bytes = -1;
  while (bytes !== fleet.settle().bytes) {
    bytes = fleet.settle().bytes;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await turn();
}

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}

function count(histogram: string): number {
  const sum = newHistogram();
  addEncoded(sum, histogram);
  return sum.totalCount;
}
