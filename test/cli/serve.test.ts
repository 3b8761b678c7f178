import { expect, test } from 'vitest';
import type { StopSignal } from '../../src/cli/io.ts';
import { runCli } from '../../src/cli/program.ts';
import { TestClient } from '../support/test-client.ts';

test('on a terminal it says what happens in sentences, and nothing else', async () => {
  const server = serveOnTerminal();
  const { url } = await server.running;
  const clients = await Promise.all([1, 2].map(() => TestClient.greeted(`${url.replace('http', 'ws')}/ws`)));
  server.signal('SIGTERM');
  for (const client of clients) {
    await client.next('drain');
    client.socket.close();
  }
  expect(await server.exitCode).toBe(0);
  expect(server.written()).toBe(
    `Tickwire is running at ${url} (Ctrl-C stops it)
draining: 2 clients, at most 4.5 s (a second signal ends it at once)
stopping
stopped
`,
  );
});

test('where nobody is connected there is nothing to drain, and no word of it', async () => {
  const server = serveOnTerminal();
  await server.running;
  server.signal('SIGTERM');
  expect(await server.exitCode).toBe(0);
  expect(server.written()).toMatch(/stops it\)\nstopping\nstopped\n$/);
});

function serveOnTerminal() {
  let text = '';
  let found = (_url: string) => {};
  let handler = (_signal: StopSignal) => {};
  const running = new Promise<{ url: string }>((resolve) => {
    found = (url) => resolve({ url });
  });
  const write = (piece: string) => {
    text += piece;
    const url = /running at (\S+)/.exec(text)?.[1];
    if (url !== undefined) found(url);
  };
  const exitCode = runCli(['serve', '--port', '0', '--feeds', '', '--log-level', 'warn'], {
    stdin: (async function* () {})(),
    stdout: { write, isTTY: true },
    stderr: { write },
    env: { TICKWIRE_DRAIN_MS: '4500' },
    cwd: '/',
    onStopSignal(given) {
      handler = given;
      return () => {};
    },
    onKey: () => () => {},
    onResize: () => () => {},
    onStrayError: () => () => {},
    exitNow(code) {
      throw new Error(`exitNow(${code})`);
    },
  });
  return { running, exitCode, written: () => text, signal: (signal: StopSignal) => handler(signal) };
}
