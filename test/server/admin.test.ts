import { afterEach, expect, test } from 'vitest';
import { closeCodes } from '../../src/protocol/index.ts';
import { EventReader } from '../support/event-reader.ts';
import { TestClient } from '../support/test-client.ts';
import { type TestServer, testServer } from '../support/test-server.ts';

const token = 'a-token-that-is-long-enough';
const right = { authorization: `Bearer ${token}` };

let server: TestServer;
afterEach(() => server.stop());

test('without a token there is no admin, and the answer says how to get one', async () => {
  server = await testServer();
  const answer = await get('/admin/sessions', right);
  expect(answer.status).toBe(404);
  expect(answer.message).toContain('TICKWIRE_ADMIN_TOKEN');
});

test.each([
  ['nothing', {}, 401],
  ['another scheme', { authorization: `Basic ${token}` }, 401],
  ['two tokens', { authorization: `Bearer ${token} ${token}` }, 401],
  ['a wrong token', { authorization: `Bearer ${token}x` }, 403],
  ['the right one', right, 200],
])('%s', async (_, headers, status) => {
  server = await testServer({ adminToken: token });
  const answer = await get('/admin/sessions', headers);
  expect(answer.status).toBe(status);
  expect(answer.headers.get('www-authenticate')?.startsWith('Bearer') ?? false).toBe(status !== 200);
});

test('who guesses wrong too often is kept out for a while, even with the right token, and is logged once', async () => {
  server = await testServer({ adminToken: token });
  for (let i = 0; i < 10; i++) expect((await get('/admin/feeds', wrong(i))).status).toBe(403);
  const limited = await get('/admin/feeds', right);
  expect(limited.status).toBe(429);
  expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(50);
  expect(server.counts.admin).toEqual({ ok: 0, missing: 0, wrong: 10, limited: 1, off: 0 });
  expect(server.counts.limitHits.adminRate).toBe(1);
  const lines = server.logged.filter(({ message }) => message.endsWith(': wrong token'));
  expect(lines).toEqual([
    {
      level: 'warn',
      message: 'an admin request was refused: wrong token',
      fields: expect.objectContaining({ address: '127.0.0.1' }),
    },
  ]);
  expect(JSON.stringify(server.logged)).not.toContain('guess');
});

test('connections and the ledger are for this machine, or for whoever has the token', async () => {
  server = await testServer();
  for (const path of ['/connections', '/ledger', '/status']) {
    expect((await get(path)).status).toBe(200);
    for (const header of ['X-Forwarded-For', 'Forwarded', 'X-Real-IP', 'Via']) {
      expect((await get(path, { [header]: '127.0.0.1' })).status).toBe(403);
    }
  }
  await server.stop();
  server = await testServer({ adminToken: token });
  expect((await get('/connections')).status).toBe(401);
  expect((await get('/connections', { ...right, 'X-Forwarded-For': '10.0.0.1' })).status).toBe(200);
});

test('a session is shown with its subscriptions and their views', async () => {
  server = await testServer({ adminToken: token });
  const { client, id } = await connected();
  client.send({
    op: 'subscribe',
    id: 2,
    subscriptions: [{ sid: 7, pattern: 'a.*', maxRate: 2, fields: ['bid'], filter: 'ask > 1' }],
  });
  await client.next('subscribed');
  const { body } = await get(`/admin/sessions/${id}`, right);
  expect(body).toMatchObject({
    id,
    address: '127.0.0.1',
    step: 'full',
    subscriptions: [{ sid: 7, patterns: ['a.*'], rate: 2, fields: ['bid'], filter: 'ask > 1', paused: false }],
  });
  const { body: list } = await get('/admin/sessions?limit=1', right);
  expect(list).toMatchObject({ count: 1, connections: [{ id }] });
  expect((await get('/admin/sessions/nobody', right)).status).toBe(404);
});

test.each([
  ['', closeCodes.kicked.code],
  ['?reconnect=1', closeCodes.tryLater.code],
])('a session that is kicked%s is closed with %i, and others go on', async (query, code) => {
  server = await testServer({ adminToken: token });
  const { client, id } = await connected();
  const other = await connected();
  expect((await ask('DELETE', `/admin/sessions/${id}${query}`)).status).toBe(200);
  expect((await client.closed).code).toBe(code);
  other.client.send({ op: 'ping', t0: 1 });
  await other.client.next('pong');
  const [line] = server.logged;
  expect(line).toMatchObject({ level: 'info', fields: { action: 'kick', session: id, request: expect.any(String) } });
});

test('a reader of events that is kicked is cut off', async () => {
  server = await testServer({ adminToken: token });
  server.topic('a.b');
  const reader = await EventReader.open(`${server.http}/events?topics=a.*`);
  await reader.next('snapshot');
  const { body } = await get('/admin/sessions', right);
  const [{ id }] = (body as { connections: [{ id: string }] }).connections;
  await ask('DELETE', `/admin/sessions/${id}`);
  await expect.poll(() => server.server.clientCount).toBe(0);
  expect(server.counts.closed.kicked).toBe(1);
});

test('a subscription that is ended is told of, and its others go on', async () => {
  server = await testServer({ adminToken: token });
  const topic = server.topic('a.b');
  const { client, id } = await connected();
  client.subscribe('a.b', 'a.*');
  await client.next('snapshot');
  await client.next('snapshot');
  expect((await ask('DELETE', `/admin/sessions/${id}/subscriptions/0`)).status).toBe(200);
  expect(await client.next('error')).toMatchObject({ id: null, code: 103, retryable: false, sid: 0 });
  topic.publish({ bid: 1, ask: 2 }, { ts: 1 });
  await client.next('data');
  for (const sid of ['0', '9', '-1', 'x', '1e3']) {
    expect((await ask('DELETE', `/admin/sessions/${id}/subscriptions/${sid}`)).status).toBe(404);
  }
});

test('bodies and methods that make no sense are refused by name', async () => {
  server = await testServer({ adminToken: token });
  for (const body of ['', 'no json', '[]', '{}', '{"level":7}', 'null']) {
    const answer = await ask('PUT', '/admin/log', body);
    expect(answer.status).toBe(400);
    expect(answer.message).toMatch(/^level must be one of/);
  }
  expect((await ask('PUT', '/admin/log', `"${'x'.repeat(2000)}"`)).status).toBe(413);
  const wrongMethod = await ask('PATCH', '/admin/log');
  expect([wrongMethod.status, wrongMethod.headers.get('allow')]).toEqual([405, 'GET, PUT']);
  expect((await ask('POST', '/admin/feeds/none/pause')).status).toBe(404);
  expect((await ask('DELETE', '/admin/sessions/a%2Fb')).status).toBe(404);
  expect((await ask('DELETE', '/admin/sessions/x?reconnect=perhaps')).status).toBe(400);
});

function wrong(i: number) {
  return { authorization: `Bearer guess-number-${i}-of-many` };
}

async function connected() {
  const client = await TestClient.open(server.ws);
  client.send({ op: 'hello', id: 1, options: {} });
  return { client, id: (await client.next('welcome')).info.session };
}

function get(path: string, headers: Record<string, string> = {}) {
  return answerOf(fetch(server.http + path, { headers }));
}

function ask(method: string, path: string, body?: string) {
  return answerOf(fetch(server.http + path, { method, headers: right, ...(body !== undefined && { body }) }));
}

async function answerOf(asked: Promise<Response>) {
  const response = await asked;
  const body = (await response.json()) as { error?: { message: string } };
  return { status: response.status, headers: response.headers, body, message: body.error?.message ?? '' };
}
