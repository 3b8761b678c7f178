import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type TestServer, testServer } from '../support/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await testServer({ maxPublishBytes: 20_000 }, [
    { pattern: 'lab.*.t', kind: 'latest', schema: z.object({ v: z.number() }) },
    { pattern: 'table', kind: 'keyed' },
  ]);
  server.topic('market.a').publish({ bid: 1.5, ask: 2 }, { ts: 1_000_000 });
  server.topic('market.silent');
});
afterAll(() => server.stop());

test('health, topics, one topic and schemas can be read', async () => {
  expect(await get('/healthz')).toEqual([200, { status: 'ok' }]);
  const [, { topics }] = await get('/topics?pattern=market.*');
  expect(topics).toMatchObject([
    { topic: 'market.a', kind: 'latest', seq: 1, ts: 1_000_000, schema: 1 },
    { topic: 'market.silent', seq: 0, ts: null },
  ]);
  expect(await get('/topics/market.a')).toMatchObject([200, { topic: 'market.a', seq: 1, data: { bid: 1.5, ask: 2 } }]);
  expect(await get('/topics/market.silent')).toMatchObject([200, { seq: 0, data: null }]);
  const [, { schemas }] = await get('/schemas');
  expect(schemas[0]).toEqual({
    id: 1,
    fields: [
      { name: 'bid', type: 'float' },
      { name: 'ask', type: 'float' },
    ],
  });
});

test('what is not there, not allowed or not a name is told in JSON', async () => {
  expect(await get('/topics/nope')).toMatchObject([404, { error: { message: expect.stringContaining('"nope"') } }]);
  expect(await get('/topics/a%20b')).toMatchObject([400, { error: { message: expect.stringContaining('"a b"') } }]);
  expect(await get('/topics?pattern=a..b')).toMatchObject([
    400,
    { error: { message: expect.stringContaining('"a..b"') } },
  ]);
  expect(await get('/nothing')).toMatchObject([404, { error: { message: expect.stringContaining('/nothing') } }]);
  const wrong = await fetch(`${server.http}/healthz`, { method: 'DELETE' });
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET']);
  const read = await fetch(`${server.http}/publish`);
  expect([read.status, read.headers.get('allow')]).toEqual([405, 'POST']);
});

test('one publication, an array and NDJSON are taken', async () => {
  expect(await post({ topic: 'lab.a.t', data: { v: 1 } })).toEqual([202, { accepted: 1, rejected: 0, errors: [] }]);
  expect(await post([1, 2, 3].map((v) => ({ topic: 'lab.b.t', data: { v } })))).toMatchObject([202, { accepted: 3 }]);
  const lines = '{"topic":"table","key":"x","data":{"any":["thing"]}}\n\n{"topic":"table","key":"y","data":2}\n';
  expect(await postText(lines, 'application/x-ndjson')).toMatchObject([202, { accepted: 2 }]);
  expect(await get('/topics/lab.b.t')).toMatchObject([200, { seq: 3, data: { v: 3 } }]);
  const [, table] = await get('/topics/table');
  expect(table.rows).toEqual([
    { key: 'x', data: { any: ['thing'] } },
    { key: 'y', data: 2 },
  ]);
});

test('each bad publication is named, and the good ones beside it are taken', async () => {
  const lines =
    '{"topic":"lab.c.t","data":{"v":1}}\nnonsense\n{"topic":"lab.c.t","data":{"v":"x"}}\n{"topic":7}\n{"topic":"lab.c.t"}';
  const [status, report] = await postText(lines, 'application/x-ndjson');
  expect([status, report.accepted, report.rejected]).toEqual([202, 1, 4]);
  expect(report.errors).toEqual([
    expect.stringMatching(/^line 2: not JSON/),
    expect.stringMatching(/^line 3: topic "lab\.c\.t": v: .*got "x"/),
    'line 4: topic must be a string, got 7',
    'line 5: data is missing',
  ]);
});

test('a body in which nothing is good is refused with the right status', async () => {
  expect(await postText('{', 'application/json')).toMatchObject([
    400,
    { errors: [expect.stringMatching(/^body: not JSON/)] },
  ]);
  expect(await postText('', 'application/x-ndjson')).toMatchObject([400, { errors: ['body: nothing to publish'] }]);
  expect(await post({ topic: 'lab.a.t', data: { v: null } })).toMatchObject([400, { rejected: 1 }]);
  expect(await post({ topic: 'market.a', data: { bid: 1, ask: 1 } })).toMatchObject([403, { rejected: 1 }]);
  expect(await post({ topic: 'closed', data: 1 })).toMatchObject([
    403,
    { errors: [expect.stringContaining('"closed"')] },
  ]);
  expect(await post({ topic: 'table', data: 1 })).toMatchObject([400, { errors: [expect.stringContaining('key')] }]);
  expect(await postText('{"topic":"table","key":"k","data":{"__proto__":{"x":1}}}', 'application/json')).toMatchObject([
    400,
    {},
  ]);
  const [status, body] = await post({ topic: 'lab.a.t', data: { v: 1, pad: 'x'.repeat(20_000) } });
  expect([status, body.error.message]).toEqual([413, expect.stringContaining('20000')]);
  const foreign = await fetch(`${server.http}/publish`, {
    method: 'POST',
    headers: { Origin: 'https://evil.example' },
    body: '{}',
  });
  expect(foreign.status).toBe(403);
});

describe('history', () => {
  beforeAll(() => {
    const events = server.topic('log.events', 'event', z.object({ n: z.number() }));
    for (let n = 1; n <= 25; n++) events.publish({ n }, { ts: n * 1000 });
    server.topic('log.none', 'event', z.object({ n: z.number() }));
    server.topic('log.huge', 'event', z.object({ text: z.string() })).publish({ text: 'x'.repeat(200_000) }, { ts: 1 }); // more than is kept
  });
  const page = async (query: string) => {
    const [status, { items, more }] = await get(`/topics/log.events/history?${query}`);
    return [status, items.map(({ seq }: { seq: number }) => seq), more];
  };

  test('is read a page at a time, in both directions', async () => {
    expect(await get('/topics/log.events/history?limit=2')).toEqual([
      200,
      {
        topic: 'log.events',
        epoch: expect.any(String),
        first: 1,
        last: 25,
        items: [
          { seq: 1, ts: 1000, data: { n: 1 } },
          { seq: 2, ts: 2000, data: { n: 2 } },
        ],
        more: true,
      },
    ]);
    expect(await page('after=23')).toEqual([200, [24, 25], false]);
    expect(await page('after=20&limit=3')).toEqual([200, [21, 22, 23], true]);
    expect(await page('reverse=1&limit=3')).toEqual([200, [25, 24, 23], true]);
    expect(await page('reverse=1&before=4')).toEqual([200, [3, 2, 1], false]);
    expect(await page('since=24000')).toEqual([200, [24, 25], false]);
    expect(await page('limit=100000')).toEqual([200, expect.objectContaining({ length: 25 }), false]);
    for (const topic of ['log.none', 'log.huge']) {
      expect(await get(`/topics/${topic}/history`)).toMatchObject([200, { first: 0, last: 0, items: [], more: false }]);
    }
  });

  test('all its pages together are the whole of it, once', async () => {
    const seen: number[] = [];
    for (let more = true, after = 0; more; ) {
      const [, body] = await get(`/topics/log.events/history?limit=4&after=${after}`);
      seen.push(...body.items.map(({ seq }: { seq: number }) => seq));
      more = body.more;
      after = seen.at(-1) ?? 0;
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, i) => i + 1));
  });

  test.each([
    ['nope/history', 404, 102, '"nope"'],
    ['market.a/history', 404, 117, 'keeps no history'],
    ['a%20b/history', 400, 104, '"a b"'],
    ['log.events/history?after=x', 400, 104, 'after must be a whole number'],
    ['log.events/history?after=-1', 400, 104, '-1'],
    ['log.events/history?before=1.5', 400, 104, '1.5'],
    ['log.events/history?limit=0', 400, 104, 'limit'],
    ['log.events/history?since=yesterday', 400, 104, '"yesterday"'],
    ['log.events/history?reverse=maybe', 400, 104, 'reverse must be 1 or 0, got "maybe"'],
    ['log.events/history?after=26', 409, 115, 'is at 25'],
    ['log.events/history?epoch=other', 409, 110, 'not other'],
  ])('%s is answered with %i', async (path, status, code, words) => {
    const [answered, { error }] = await get(`/topics/${path}`);
    expect([answered, error.code]).toEqual([status, code]);
    expect(error.message).toContain(words);
  });
});

// biome-ignore lint/suspicious/noExplicitAny: bodies are what the test is about
async function get(path: string): Promise<[number, any]> {
  const response = await fetch(`${server.http}${path}`);
  return [response.status, await response.json()];
}

function post(body: unknown) {
  return postText(JSON.stringify(body), 'application/json');
}

// biome-ignore lint/suspicious/noExplicitAny: bodies are what the test is about
async function postText(body: string, type: string): Promise<[number, any]> {
  const response = await fetch(`${server.http}/publish`, { method: 'POST', headers: { 'Content-Type': type }, body });
  return [response.status, await response.json()];
}
