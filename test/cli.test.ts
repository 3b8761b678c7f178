import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { freePort } from '../bench/support/free-port.ts';
import { buildCli, type CliOptions, cli, removeCli, startCli } from './support/built-cli.ts';
import { diceFeed } from './support/dice-feed.ts';
import { TestClient } from './support/test-client.ts';
import { tlsFiles } from './support/tls-files.ts';

beforeAll(buildCli);
afterAll(removeCli);

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'tickwire-cli-'));
});
afterEach(() => rm(cwd, { recursive: true }));

test('wrong usage exits with 2, done with 0', async () => {
  const wrong = await run(['serve', '--port', 'abc']);
  expect(wrong).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('got "abc" (from --port)') });
  expect(await run(['--version'])).toMatchObject({ code: 0, stdout: '0.0.0-test\n', stderr: '' });
});

test.each(['sub', 'pub', 'topics', 'history', 'ledger'])('%s exits with 1 where no server is', async (command) => {
  const url = `ws://127.0.0.1:${await freePort()}`;
  const { code, stderr } = await run([command, 'a', ...(command === 'pub' ? ['1'] : []), '--url', url]);
  expect(stderr).toMatch(/^tickwire: cannot reach .*:\d+.*ECONNREFUSED.*Is "tickwire serve" running there\?\n$/);
  expect(code).toBe(1);
});

describe('serve', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('%s stops it in under 2 s with exit code 0', async (signal) => {
    const server = await serve();
    const since = performance.now();
    server.child.kill(signal);
    expect((await server.done).code).toBe(0);
    expect(performance.now() - since).toBeLessThan(2000);
  });

  test('the same Ctrl-C seen twice at once, as under npm, is one', async () => {
    const server = await serve();
    server.child.kill('SIGINT');
    server.child.kill('SIGINT');
    expect((await server.done).code).toBe(0);
  });

  test('SIGTERM lets clients go in their own moments, and says so', async () => {
    const server = await serve();
    const client = await TestClient.greeted(server.ws);
    server.child.kill('SIGTERM');
    server.child.kill('SIGTERM'); // as under npm
    expect(await client.next('drain')).toEqual({ op: 'drain', slotMs: 0, deadlineMs: 25_000 });
    expect((await client.closed).code).toBe(1012);
    const { code, stdout } = await server.done;
    expect(code).toBe(0);
    const lines = linesOf(stdout).slice(-3);
    expect(lines.map(({ msg }) => msg)).toEqual(['draining: 1 client, at most 25 s', 'stopping', 'stopped']);
    expect(lines[0]).toMatchObject({ level: 'info', clients: 1, drainMs: 25_000 });
  });

  test.each([
    ['SIGINT', {}],
    ['SIGTERM', { TICKWIRE_DRAIN_MS: '0' }],
  ] as const)('%s with %o lets them all go at once', async (signal, env) => {
    const server = await serve(['--feeds', ''], 0, env);
    const client = await TestClient.greeted(server.ws);
    server.child.kill(signal);
    await expect(client.next('drain')).rejects.toThrow('closed');
    expect((await client.closed).code).toBe(1012);
    const { code, stdout } = await server.done;
    expect(code).toBe(0);
    expect(linesOf(stdout).map(({ msg }) => msg)).not.toContainEqual(expect.stringContaining('draining'));
  });

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'a %s after it, while clients are let go, ends it on the spot',
    async (signal) => {
      const server = await serve(['--feeds', ''], 0, { TICKWIRE_DRAIN_PER_SEC: '1', TICKWIRE_DRAIN_MS: '3600000' });
      const clients = await Promise.all(Array.from({ length: 30 }, () => TestClient.greeted(server.ws)));
      server.child.kill('SIGTERM');
      for (const client of clients) await client.next('drain');
      if (signal === 'SIGTERM') await new Promise((resolve) => setTimeout(resolve, 400)); // sooner it counts as the same
      server.child.kill(signal);
      expect((await server.done).code).toBe(1);
      for (const client of clients.slice(-1)) expect((await client.closed).code).toBe(1006);
    },
  );

  test('a server that shares its port is followed by the next one, with no moment at which nobody listens', async () => {
    const port = await freePort();
    const args = ['--feeds', '', '--share-port'];
    const first = await serve(args, port);
    const stays = await TestClient.greeted(first.ws);
    const second = await serve(args, port);
    const excluded = await run(['serve', '--feeds', '', '--port', String(port)]);
    expect(excluded).toMatchObject({ code: 1, stderr: expect.stringContaining('the port is in use') });
    first.child.kill('SIGTERM');
    await stays.next('drain');
    for (let i = 0; i < 50; i++) {
      const moved = await TestClient.greeted(second.ws);
      moved.send({ op: 'ping', t0: i });
      await moved.next('pong');
      moved.close();
    }
    expect((await stays.closed).code).toBe(1012);
    expect((await first.done).code).toBe(0);
    expect((await fetch(`${second.url}/readyz`)).status).toBe(200);
    expect((await second.stop()).code).toBe(0);
  });

  test('a port in use is named, and the exit code is 1', async () => {
    const server = await serve();
    const { code, stderr } = await run(['serve', '--feeds', '', '--port', String(server.port)]);
    const reason = `127.0.0.1:${server.port}: the port is in use, or the address is not this machine's`;
    expect(stderr).toBe(`tickwire: cannot listen on ${reason}\n`);
    expect(code).toBe(1);
    await server.stop();
  });

  test('away from a terminal it logs JSON, its address included', async () => {
    const server = await serve();
    const { stdout } = await server.stop();
    expect(linesOf(stdout)).toContainEqual(expect.objectContaining({ level: 'info', url: server.url }));
  });
});

describe('serve with TLS', () => {
  test('clients that are told whom to trust reach it by wss and https, others are told what to do', async () => {
    const { tlsCertFile, tlsKeyFile, remove } = await tlsFiles();
    await writeFile(join(cwd, 'dice.ts'), diceFeed);
    const server = await serve(['--feeds', './dice.ts', '--tls-cert', tlsCertFile, '--tls-key', tlsKeyFile]);
    expect(server.url).toMatch(/^https:/);
    const env = { NODE_EXTRA_CA_CERTS: tlsCertFile };
    const url = server.url.replace('https', 'wss');
    const sub = ['sub', 'dice.red', '--count', '1', '--url', url];
    expect(await run(sub, { env })).toMatchObject({ code: 0, stdout: expect.stringContaining('dice.red') });
    const topics = ['topics', '--url', server.url];
    expect(await run(topics, { env })).toMatchObject({ code: 0, stdout: expect.stringContaining('dice.red') });
    for (const command of [sub, topics]) {
      const { code, stderr } = await run(command);
      expect(stderr).toMatch(/: self-signed certificate\. NODE_EXTRA_CA_CERTS can name a file/);
      expect(code).toBe(1);
    }
    expect((await run(['sub', 'dice.red', '--url', url.replace('wss', 'ws')])).stderr).toMatch(/without TLS\?.*wss:/);
    await server.stop();
    await remove();
  });

  test.each(['serve', 'check-config'])('%s names a file that is wrong, and exits with 2', async (command) => {
    const { tlsCertFile, remove } = await tlsFiles();
    const missing = join(cwd, 'missing.pem');
    const { code, stdout, stderr } = await run([command, '--tls-cert', tlsCertFile, '--tls-key', 'missing.pem']);
    expect(stderr).toMatch(`tickwire: server.tlsKeyFile: cannot read ${missing}: ENOENT`);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    await remove();
  });
});

describe('sub', () => {
  let server: Awaited<ReturnType<typeof serve>>;
  beforeEach(async () => {
    await writeFile(join(cwd, 'dice.ts'), diceFeed);
    server = await serve(['--feeds', './dice.ts']);
  });
  afterEach(() => server.stop());

  test('ends quietly when its reader leaves', async () => {
    const sub = startCli(['sub', 'dice.red', '--url', server.url], { cwd });
    await sub.line('dice.red');
    sub.child.stdout.destroy();
    expect(await sub.done).toMatchObject({ code: 0, stderr: '' });
  });

  test('stops at Ctrl-C with exit code 0', async () => {
    const sub = startCli(['sub', 'dice.red', '--url', server.url], { cwd });
    await sub.line('dice.red');
    sub.child.kill('SIGINT');
    expect((await sub.done).code).toBe(0);
  });

  test('outlives its server, and goes on when it is back', async () => {
    await server.stop();
    server = await serve(['--feeds', './dice.ts'], await freePort()); // one that the system chose can't be had again at once
    const sub = startCli(['sub', 'dice.red', '--url', server.url], { cwd });
    await sub.line('dice.red');
    const lost = sub.line('connection lost', 'stderr');
    await server.stop();
    await lost;
    const again = sub.line('connected again', 'stderr');
    server = await serve(['--feeds', './dice.ts'], server.port);
    await again;
    await sub.line('dice.red');
    sub.child.kill('SIGINT');
    expect((await sub.done).code).toBe(0);
  });
});

function run(args: readonly string[], options: Partial<CliOptions> = {}) {
  return cli(args, { cwd, ...options });
}

/** Of a JSON log. */
function linesOf(stdout: string): Record<string, unknown>[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** A server up and running; on a free port unless told which. */
async function serve(args: readonly string[] = ['--feeds', ''], onPort = 0, env: Record<string, string> = {}) {
  const server = startCli(['serve', '--port', String(onPort), ...args], { cwd, env });
  const { url } = JSON.parse(await server.line('Tickwire is running at'));
  const stop = () => {
    server.child.kill('SIGTERM');
    return server.done;
  };
  return {
    ...server,
    url: url as string,
    ws: `${url.replace('http', 'ws')}/ws`,
    port: Number(new URL(url).port),
    stop,
  };
}
