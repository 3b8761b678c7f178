import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../bench/support/free-port.ts';
import { connect } from '../../src/client/index.ts';
import { buildCli, removeCli, startCli } from '../support/built-cli.ts';

beforeAll(buildCli);
afterAll(removeCli);

const clientCount = 20;

test('a server that is killed and started anew is noticed by every client, and none shows old data as live meanwhile', async () => {
  const port = await freePort();
  let server = await serve(port);
  const watchers = Array.from({ length: clientCount }, () => watch(port));
  for (const { subscription } of watchers) await subscription.ready;
  for (let life = 1; life <= 3; life++) {
    for (const watcher of watchers) await watcher.live();
    server.child.kill('SIGKILL');
    await server.done;
    for (const watcher of watchers) {
      await watcher.recovering();
      expect(watcher.liveTopics()).toEqual([]);
    }
    server = await serve(port);
    for (const watcher of watchers) {
      await watcher.live();
      expect(watcher.epochChanges()).toBe(life);
      expect(watcher.faults).toEqual([]);
    }
  }
  for (const { client } of watchers) client.close();
  server.child.kill('SIGKILL');
  await server.done;
}, 60_000);

/** One client on one topic that ticks; it notes whatever would be a lie. */
function watch(port: number) {
  const topic = 'market.sim.AAPL.quote';
  const client = connect(`ws://127.0.0.1:${port}`, { minDelayMs: 20, maxDelayMs: 200 });
  const faults: string[] = [];
  const epochs: string[] = [];
  let changes = 0;
  let wake: () => void = () => {};
  client.on('epoch', ({ before, after }) => {
    changes++;
    if (before === after) faults.push('an epoch that is the same');
    wake();
  });
  client.on('quality', () => wake());
  const subscription = client.subscribe(topic, (message) => {
    if (client.state.name !== 'open') faults.push('a message while there is no connection');
    if (!epochs.includes(message.epoch)) epochs.push(message.epoch);
    if (message.epoch !== epochs.at(-1)) faults.push('a message of a life that is over');
    wake();
  });
  const until = async (isTrue: () => boolean) => {
    while (!isTrue()) await new Promise<void>((resolve) => (wake = resolve));
  };
  return {
    client,
    subscription,
    faults,
    epochChanges: () => changes,
    liveTopics: () => (subscription.stateOf(topic) === 'live' ? [topic] : []),
    live: () => until(() => subscription.state === 'live' && changes === epochs.length - 1),
    recovering: () => until(() => subscription.state === 'recovering'),
  };
}

async function serve(port: number) {
  const server = startCli(['serve', '--port', `${port}`, '--feeds', 'stocks', '--log-format', 'json'], {
    cwd: tmpdir(),
  });
  await server.line(`${port}`);
  return server;
}
