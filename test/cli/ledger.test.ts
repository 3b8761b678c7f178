import { afterEach, expect, test } from 'vitest';
import { runInProcess } from '../support/cli-io.ts';
import { type TestServer, testServer } from '../support/test-server.ts';

let server: TestServer | undefined;
afterEach(() => server?.stop());

test('a server whose books do not add up is found out, and the exit code is 1', async () => {
  server = await testServer();
  const topic = server.topic('a.b');
  topic.publish({ bid: 1, ask: 1 }, { ts: 1 });
  const { hub } = server;
  const cooks = setInterval(() => {
    topic.publish({ bid: 2, ask: 2 }, { ts: 1 });
    for (const stream of hub.streams) if (stream.number === 0) stream.published++;
  }, 50);
  const { code, stdout, stderr } = await run(['ledger', 'a.*', '--for', '300ms']);
  clearInterval(cooks);
  expect(code).toBe(1);
  expect(stdout).toMatch(/a\.\* +1 .* adds up\n/);
  expect(stdout).toMatch(/server, 3 connections .* \d+ wrong\n/);
  expect(stderr).toMatch(/server, 3 connections: does not add up: \{.*\n/);
  expect(stderr).toMatch(/tickwire: the ledger does not add up in \d+ places\n$/);
});

test('a publication that subscribers never hear of is found out', async () => {
  server = await testServer();
  const topic = server.topic('a.b');
  topic.publish({ bid: 1, ask: 1 }, { ts: 1 });
  const { hub } = server;
  const state = hub.topic('a.b');
  setTimeout(() => {
    if (state !== undefined) state.seq++; // as if one had been published past every stream
  }, 300);
  const { code, stderr } = await run(['ledger', 'a.*', '--for', '500ms']);
  expect(code).toBe(1);
  expect(stderr).toContain('a.*: a.b: nothing was said of 2\n');
}, 20_000);

test('a server that goes away meanwhile is named at once', async () => {
  server = await testServer();
  server.topic('a.b');
  setTimeout(() => server?.stop(), 200);
  const { code, stderr } = await run(['ledger', 'a.*', '--for', '1h']);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^tickwire: .* closed the connection \(the server is stopping\)\n$/);
});

function run(args: readonly string[]) {
  return runInProcess(args, { cwd: '/', env: { TICKWIRE_URL: server?.http ?? '' } });
}
