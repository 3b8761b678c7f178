import { tmpdir } from 'node:os';
import { afterEach, expect, test } from 'vitest';
import { type ConfigInput, loadConfig } from '../src/config.ts';
import { createLogger } from '../src/logger.ts';
import { type RunningTickwire, startTickwire } from '../src/main.ts';
import { createExposition, metrics } from '../src/metrics.ts';
import { latencyBoundsMs } from '../src/protocol/index.ts';
import { type Series, scrape, seriesOf, typesIn } from './support/exposition.ts';
import { TestClient } from './support/test-client.ts';

const started: RunningTickwire[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((tickwire) => tickwire.stop()));
});

const openMetrics = { accept: 'application/openmetrics-text; version=1.0.0' };

test('every metric has a name of its own, with the ending of its type, and a sentence of help', () => {
  const names = metrics.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { name, type, help } of metrics) {
    expect(name).toMatch(/^tickwire_[a-z_]+$/);
    expect(name.endsWith('_total')).toBe(type === 'counter');
    expect(help).toMatch(/^[A-Z0-9].*\.$/);
  }
});

test('both formats tell the same series, in whatever order they are asked for', async () => {
  const { http } = await start();
  const page = async (headers = {}) => (await fetch(`${http}/metrics`, { headers })).text();
  const first = await page();
  const open = await page(openMetrics);
  const again = await page();
  expect(open.endsWith('# EOF\n')).toBe(true);
  expect([...typesIn(again)]).toEqual([...typesIn(first)]);
  const stripped = ([name, type]: [string, string]) => [type === 'counter' ? name.replace(/_total$/, '') : name, type];
  expect([...typesIn(open)]).toEqual([...typesIn(first)].map(stripped));
  const names = (text: string) => [...seriesOf(text).keys()].filter((name) => !name.includes('_http_requests_')).sort();
  expect(names(open)).toEqual(names(again));
  expect(names(open).filter((name) => name.includes('_total_total'))).toEqual([]);
});

test('the content type is that of the format', async () => {
  const { http } = await start();
  const typeFor = async (headers = {}) => (await fetch(`${http}/metrics`, { headers })).headers.get('content-type');
  expect(await typeFor()).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(await typeFor(openMetrics)).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
});

test('while the house is being put together the process is there to be seen', async () => {
  const read = createExposition(() => undefined);
  const { text } = await read('');
  expect(seriesOf(text).has('process_resident_memory_bytes')).toBe(true);
  expect([...seriesOf(text).keys()].filter((name) => name.startsWith('tickwire_') && !name.includes('scrape'))).toEqual(
    [],
  );
});

test('who came, who was not let in, who left and why is counted', async () => {
  const { http, ws } = await start();
  const before = await scrape(http);
  const client = await TestClient.greeted(ws);
  const silent = await TestClient.open(`${ws}?encoding=json&topics=wall.a`, []);
  const events = await fetch(`${http}/events?topics=wall.a`);
  await expect(TestClient.open(ws, 'nonsense')).rejects.toThrow();
  await expect(TestClient.open(ws, [], { origin: 'https://evil.example' })).rejects.toThrow();
  await expect(TestClient.open(`${ws}?topics=..`, [])).rejects.toThrow();
  const during = since(before, await scrape(http));
  expect(during('tickwire_connections{encoding="msgpack"}')).toBe(1);
  expect(during('tickwire_connections{encoding="json"}')).toBe(1);
  expect(during('tickwire_connections{encoding="sse"}')).toBe(1);
  expect(during('tickwire_connections_peak')).toBe(3);
  expect(during('tickwire_connections_accepted_total{transport="websocket"}')).toBe(2);
  expect(during('tickwire_connections_accepted_total{transport="sse"}')).toBe(1);
  expect(during('tickwire_hellos_total')).toBe(1);
  expect(during('tickwire_subscriptions')).toBe(2);
  for (const reason of ['subprotocol', 'origin', 'query']) {
    expect(during(`tickwire_connections_refused_total{reason="${reason}"}`)).toBe(1);
  }
  client.socket.close(1000);
  silent.socket.terminate();
  await events.body?.cancel();
  const cut = await TestClient.open(ws);
  cut.socket.send('text on a binary session');
  await cut.closed;
  const closed = (reason: string) => `tickwire_connections_closed_total{reason="${reason}"}`;
  await expect.poll(async () => (await scrape(http)).get(closed('lost'))).toBe(1);
  await expect.poll(async () => (await scrape(http)).get(closed('client'))).toBe(2);
  expect((await scrape(http)).get(closed('wrongEncoding'))).toBe(1);
});

test('publications, what became of them, and their bytes are counted', async () => {
  const { http, ws } = await start();
  const before = await scrape(http);
  const client = await TestClient.greeted(ws);
  client.send({
    op: 'subscribe',
    id: 2,
    subscriptions: [
      { sid: 1, pattern: 'wall.*' },
      { sid: 2, pattern: 'wall.a', filter: 'value > 1' },
      { sid: 3, pattern: 'lab.*', maxRate: 0.01 },
    ],
  });
  for (let i = 0; i < 3; i++) await client.next('subscribed');
  const publish = async (topic: string, data: unknown) => {
    client.send({ op: 'publish', id: 5, topic, data });
    return client.next('ok');
  };
  await publish('wall.a', 1);
  await publish('wall.a', 2);
  for (const value of [1, 2, 3]) await publish('lab.x', value);
  client.send({ op: 'publish', id: 6, topic: 'closed', data: 1 });
  await client.next('error');
  await fetch(`${http}/publish`, { method: 'POST', body: JSON.stringify({ topic: 'wall.b', data: 1 }) });
  await expect
    .poll(async () => since(before, await scrape(http))('tickwire_filtered_total'), { timeout: 5000 })
    .toBe(1);
  const rose = since(before, await scrape(http));
  expect(rose('tickwire_publications_total')).toBe(6);
  expect(rose('tickwire_client_publications_total{door="websocket",outcome="taken"}')).toBe(5);
  expect(rose('tickwire_client_publications_total{door="websocket",outcome="forbidden"}')).toBe(1);
  expect(rose('tickwire_client_publications_total{door="http",outcome="taken"}')).toBe(1);
  expect(rose('tickwire_deliveries_total')).toBe(5); // three on wall.*, one that passes the filter, the first of lab.x
  expect(rose('tickwire_pending_publications')).toBe(2); // they wait for the beat of a rate of one in 100 s
  expect(rose('tickwire_errors_sent_total{reason="forbidden"}')).toBe(1);
  expect(rose('tickwire_received_frames_total{op="publish"}')).toBe(6);
  expect(rose('tickwire_topics{kind="event"}')).toBe(2);
  expect(rose('tickwire_topics{kind="latest"}')).toBe(1);
  expect(rose('tickwire_streams{view="plain"}')).toBe(1);
  expect(rose('tickwire_streams{view="own"}')).toBe(2);
  expect(rose('tickwire_sent_bytes_total{transport="websocket"}')).toBeGreaterThan(200);
  expect(rose('tickwire_publish_to_socket_seconds_count')).toBeGreaterThan(0);
  expect(rose('tickwire_http_requests_total{route="/publish",code="202"}')).toBe(1);
});

test('a client that comes back is counted by what it got', async () => {
  const { http, ws } = await start();
  const client = await TestClient.greeted(ws);
  client.send({ op: 'publish', id: 5, topic: 'wall.a', data: 1 });
  await client.next('ok');
  client.subscribe('wall.a');
  const { epoch } = await client.next('topic');
  const back = (sid: number, position: [string, number]) => ({
    sid,
    pattern: 'wall.a',
    since: { positions: { 'wall.a': position } },
  });
  client.send({
    op: 'subscribe',
    id: 6,
    subscriptions: [back(10, [epoch, 0]), back(11, ['other', 1]), back(12, [epoch, 9])],
  });
  for (let i = 0; i < 4; i++) await client.next('snapshot');
  const series = await scrape(http);
  for (const outcome of ['complete', 'otherEpoch', 'futurePosition']) {
    expect(series.get(`tickwire_recoveries_total{outcome="${outcome}"}`)).toBe(1);
  }
});

test('reports of clients who were asked become histograms; nobody weighs more than it may', async () => {
  const { http, ws } = await start({ server: { reportEveryMs: 20 } });
  const client = await TestClient.open(ws);
  client.send({ op: 'hello', id: 1, options: {} });
  expect((await client.next('welcome')).info.reportMs).toBe(20);
  const counts = latencyBoundsMs.map(() => 0);
  const say = (latency: number[]) =>
    client.send({ op: 'report', report: { forMs: 1000, frames: 500, latency, runtime: 'browser' } });
  say([0, 3, ...counts.slice(1)]);
  const bucket = (le: string) => `tickwire_client_latency_seconds_bucket{runtime="browser",le="${le}"}`;
  await expect.poll(async () => (await scrape(http)).get(bucket('0.002'))).toBe(3);
  expect((await scrape(http)).get(bucket('0.001'))).toBe(0);
  await new Promise((resolve) => setTimeout(resolve, 30)); // as long as the server asked it to wait
  say([1_000_000, 0, ...counts.slice(1)]);
  say([1_000_000, 0, ...counts.slice(1)]); // too soon, so it does not count
  await expect.poll(async () => (await scrape(http)).get('tickwire_client_reports_total')).toBe(2);
  expect((await scrape(http)).get(bucket('0.001'))).toBe(100); // a hundred samples for a second
  expect((await scrape(http)).get('tickwire_client_frames_total')).toBe(1000);
  await new Promise((resolve) => setTimeout(resolve, 30));
  const report = { forMs: 3_600_000, frames: 1e9, latency: [1e9, ...counts], runtime: 'node' } as const;
  client.send({ op: 'report', report });
  await expect.poll(async () => (await scrape(http)).get('tickwire_client_reports_total')).toBe(3);
  const claimed = await scrape(http);
  expect(claimed.get('tickwire_client_report_seconds_total')).toBeLessThan(5); // an hour can't have passed
  expect(claimed.get('tickwire_client_frames_total')).toBeLessThan(400_000);
  expect(claimed.get('tickwire_client_latency_seconds_count{runtime="node"}')).toBeLessThan(300);
});

test('nobody is asked to report where the server wants none', async () => {
  const { ws } = await start({ server: { reportEveryMs: 0 } });
  const client = await TestClient.open(ws);
  client.send({ op: 'hello', id: 1, options: {} });
  expect((await client.next('welcome')).info).not.toHaveProperty('reportMs');
  const latency = [...latencyBoundsMs, 0].map(() => 0);
  client.send({ op: 'report', report: { forMs: 1000, frames: 1, latency, runtime: 'node' } });
  expect((await client.next('error')).message).toMatch(/REPORT/);
});

test('a feed has one status at a time', async () => {
  const { http, tickwire } = await start({}, undefined, 'iot');
  const statuses = async () =>
    [...(await scrape(http))].filter(([name, value]) => name.startsWith('tickwire_feed_status{') && value === 1);
  const name = (status: string) => `tickwire_feed_status{feed="iot",status="${status}"}`;
  await expect.poll(statuses).toEqual([[name('ok'), 1]]); // starting until then
  tickwire.feeds[0]?.pause();
  expect(await statuses()).toEqual([[name('paused'), 1]]);
});

test('whatever clients call themselves, their topics and paths, there are no more series than before', async () => {
  const { http, ws } = await start();
  const paths = async (name: string) => fetch(`${http}/${encodeURIComponent(name)}`);
  const hostile = ['a"} 1\nevil_total{x="', '\u001b[31m', '💥'.repeat(50), '{le="0.5"}', '# HELP x', '\\'];
  await TestClient.greeted(ws);
  await paths('nothing');
  await fetch(`${http}/topics/wall.x`);
  await scrape(http);
  const before = await scrape(http);
  for (const name of hostile) {
    const client = await TestClient.open(ws);
    client.send({ op: 'hello', id: 1, options: { sdk: name } });
    await client.next('welcome');
    client.send({ op: 'publish', id: 2, topic: 'wall.x', data: name, key: name });
    client.subscribe(name);
    await client.next('error');
    await paths(name);
    await fetch(`${http}/topics/${encodeURIComponent(name)}`, {
      headers: { 'x-request-id': name.replace(/[^ -~]/g, '') },
    });
  }
  const after = await scrape(http);
  // What may appear by then: the route just asked, and a kind of garbage collection (one of four) that runs first now.
  const expected = (name: string) =>
    name.includes('route="/topics/:topic"') || name.startsWith('nodejs_gc_duration_seconds_');
  expect([...after.keys()].filter((name) => !before.has(name) && !expected(name))).toEqual([]);
});

test('lines that say that something is wrong are counted by level, where they are written', async () => {
  const log = createLogger({ level: 'error', format: 'json' }, { write: () => {} });
  const { http } = await start({}, log);
  log.warn('a');
  log.error('b');
  log.error('c');
  log.info('d');
  const series = await scrape(http);
  expect(series.get('tickwire_log_lines_total{level="error"}')).toBe(2);
  expect(series.get('tickwire_log_lines_total{level="warn"}')).toBe(0); // not written, so nobody can read it
});

test('a server that drains is scraped as ever, and says so', async () => {
  const { tickwire, http, ws } = await start({ server: { drainMs: 60_000, drainPerSec: 1 } });
  const clients = [await TestClient.greeted(ws), await TestClient.greeted(ws)];
  expect((await scrape(http)).get('tickwire_ready')).toBe(1);
  const drained = tickwire.drain();
  await clients[0]?.next('drain');
  await expect(TestClient.open(ws)).rejects.toThrow();
  await fetch(`${http}/events?topics=wall.a`);
  const series = await scrape(http);
  expect(series.get('tickwire_ready')).toBe(0);
  expect(series.get('tickwire_draining')).toBe(1);
  expect(series.get('tickwire_connections_refused_total{reason="draining"}')).toBe(2);
  for (const client of clients) client.socket.close();
  await drained;
});

test('a flood of scrapes is answered, and mostly from the reading before', async () => {
  let readings = 0;
  const read = createExposition(() => {
    readings++;
    for (const until = performance.now() + 20; performance.now() < until; );
    return undefined;
  });
  for (let i = 0; i < 200; i++) expect((await read('')).text).toContain('process_resident_memory_bytes');
  expect(readings).toBeGreaterThan(5);
  expect(readings).toBeLessThan(100);
});

test('a client that leaves during a scrape, or a wrong method, hurts nobody', async () => {
  const { http } = await start();
  const gone = new AbortController();
  const asked = fetch(`${http}/metrics`, { signal: gone.signal });
  gone.abort();
  await expect(asked).rejects.toThrow();
  const wrong = await fetch(`${http}/metrics`, { method: 'POST' });
  expect(wrong.status).toBe(405);
  expect(wrong.headers.get('allow')).toBe('GET');
  expect((await fetch(`${http}/metrics`)).status).toBe(200);
});

async function start(input: ConfigInput = {}, log = createLogger({ level: 'silent', format: 'json' }), feeds = '') {
  const config = await loadConfig({ cwd: tmpdir(), env: {}, flags: { port: '0', feeds } });
  const open = [
    { pattern: 'wall.*', kind: 'event' },
    { pattern: 'lab.*', kind: 'latest' },
  ] as const;
  const tickwire = await startTickwire({ ...config, open, server: { ...config.server, ...input.server } }, { log });
  started.push(tickwire);
  return { tickwire, http: tickwire.url, ws: `${tickwire.url.replace('http', 'ws')}/ws` };
}

/** How much a series has risen. */
function since(before: Series, after: Series) {
  return (name: string) => (after.get(name) ?? Number.NaN) - (before.get(name) ?? 0);
}
