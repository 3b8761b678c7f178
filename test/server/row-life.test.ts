import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestClient } from '../support/test-client.ts';
import { type TestServer, testServer } from '../support/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await testServer({}, [
    { pattern: 'table.*', kind: 'keyed' },
    { pattern: 'brief.*', kind: 'keyed', ttlMs: 20 },
    { pattern: 'value', kind: 'latest' },
  ]);
});
afterAll(() => server.stop());

test('a row published over HTTP with a time to live is removed when it is over', async () => {
  const client = await subscribed('table.http');
  expect(await post({ topic: 'table.http', data: 1, key: 'k', ttlMs: 20 })).toMatchObject([202, { accepted: 1 }]);
  expect(await client.next('data')).toMatchObject({ key: 'k', seq: 1 });
  expect(await client.next('remove')).toMatchObject({ key: 'k', seq: 2 });
});

test('a row published in a frame with a time to live is removed when it is over', async () => {
  const client = await subscribed('table.frame');
  client.send({ op: 'publish', id: 2, topic: 'table.frame', data: 1, key: 'k', ttlMs: 20 });
  expect(await client.next('remove')).toMatchObject({ key: 'k', seq: 2 });
});

test('a row of an open topic lives as long as the configuration says', async () => {
  const client = await subscribed('brief.a');
  client.send({ op: 'publish', id: 2, topic: 'brief.a', data: 1, key: 'k' });
  expect(await client.next('remove')).toMatchObject({ key: 'k', seq: 2 });
});

test('a time to live that can not be is refused in words', async () => {
  const told = async (ttlMs: unknown, topic = 'table.bad') => {
    const [status, { errors }] = await post({ topic, data: 1, ttlMs, ...(topic !== 'value' && { key: 'k' }) });
    return [status, errors[0]];
  };
  const range = 'body: ttlMs on topic "table.bad" must be a whole number from 1 to 86400000, got ';
  expect(await told('5')).toEqual([400, 'body: ttlMs must be a number, got "5"']);
  for (const ttlMs of [0, -5, 1.5, 86_400_001]) expect(await told(ttlMs)).toEqual([400, `${range}${ttlMs}`]);
  expect(await told(5, 'value')).toEqual([400, 'body: topic "value" is latest, so it takes no ttlMs, got 5']);
});

async function subscribed(topic: string): Promise<TestClient> {
  const client = await TestClient.greeted(server.ws);
  client.subscribe(topic);
  await client.next('subscribed');
  return client;
}

async function post(entry: object): Promise<[status: number, report: { accepted: number; errors: string[] }]> {
  const response = await fetch(`${server.http}/publish`, { method: 'POST', body: JSON.stringify(entry) });
  return [response.status, (await response.json()) as { accepted: number; errors: string[] }];
}
