import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../bench/support/free-port.ts';
import { connect, type Gap } from '../../src/client/index.ts';
import { buildCli, removeCli, startCli } from '../support/built-cli.ts';

const started: ReturnType<typeof startCli>[] = [];
beforeAll(buildCli);
afterAll(async () => {
  for (const { child, done } of started) {
    child.kill('SIGKILL');
    await done;
  }
  await removeCli();
});

const clientCount = 50;
const pattern = 'market.sim.*.quote';
const trades = 'market.sim.*.trade';

test('50 clients move from one process to the next on the same port: none is ever without a connection, silent for long, or missing something in silence', async () => {
  const port = await freePort();
  let server = await serve(port);
  const watchers = Array.from({ length: clientCount }, () => watch(port));
  for (const watcher of watchers) await watcher.ready;
  for (let life = 1; life <= 2; life++) {
    const next = await serve(port);
    server.child.kill('SIGTERM');
    expect((await server.done).code).toBe(0);
    for (const watcher of watchers) await watcher.inLife(life);
    server = next;
  }
  for (const watcher of watchers) {
    expect(watcher.faults).toEqual([]);
    expect(watcher.states).toEqual(['connecting', 'open', 'open', 'open']);
    expect(watcher.longestSilenceMs()).toBeLessThan(2000);
    watcher.client.close();
  }
}, 90_000);

/** One client on quotes and trades; it notes whatever would be a loss that nobody told of. */
function watch(port: number) {
  const client = connect(`ws://127.0.0.1:${port}`);
  const faults: string[] = [];
  const states: string[] = [];
  const last = new Map<string, number>();
  let heardAt = Number.POSITIVE_INFINITY;
  let longestSilenceMs = 0;
  let wake: () => void = () => {};
  const account = (epoch: string, topic: string, fromSeq: number, toSeq: number) => {
    const before = last.get(`${epoch} ${topic}`);
    if (before !== undefined && fromSeq !== before + 1) faults.push(`${topic}: ${fromSeq} behind ${before}`);
    last.set(`${epoch} ${topic}`, toSeq);
  };
  client.on('state', ({ name }) => void states.push(name));
  client.on('error', ({ message }) => void faults.push(message));
  client.on('gap', ({ epoch, topic, fromSeq, toSeq, isNewEpoch }: Gap) => {
    if (!isNewEpoch || toSeq >= fromSeq) account(epoch, topic, fromSeq, toSeq);
  });
  const quotes = client.subscribe(pattern, () => {
    const now = performance.now();
    longestSilenceMs = Math.max(longestSilenceMs, now - heardAt);
    heardAt = now;
  });
  const events = client.subscribe(trades, ({ epoch, topic, seq }) => {
    account(epoch, topic, seq, seq);
    wake();
  });
  const inLife = async (life: number) => {
    while (!(quotes.state === 'live' && events.state === 'live' && states.length === life + 2)) {
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  return {
    client,
    faults,
    states,
    inLife,
    ready: Promise.all([quotes.ready, events.ready]),
    longestSilenceMs: () => longestSilenceMs,
  };
}

async function serve(port: number) {
  const args = ['serve', '--port', `${port}`, '--share-port', '--feeds', 'stocks', '--log-format', 'json'];
  const server = startCli(args, { cwd: tmpdir() });
  started.push(server);
  await server.line(`${port}`);
  return server;
}
