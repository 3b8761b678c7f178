import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { createLogger, type Logger } from '../../src/logger.ts';
import { type RunningTickwire, startTickwire } from '../../src/main.ts';
import { runInProcess } from '../support/cli-io.ts';
import { TestClient } from '../support/test-client.ts';

const token = 'a-token-that-is-long-enough';
let tickwire: RunningTickwire;
let log: Logger;
let ws: string;
const lines: string[] = [];

beforeAll(async () => {
  const config = await loadConfig({
    cwd: tmpdir(),
    env: { TICKWIRE_ADMIN_TOKEN: token },
    flags: { port: '0', feeds: 'weather,iot' },
  });
  log = createLogger({ level: 'info', format: 'json' }, { write: (line) => void lines.push(line) });
  tickwire = await startTickwire(config, { log });
  ws = `${tickwire.url.replace('http', 'ws')}/ws`;
});
afterAll(() => tickwire.stop());

test('a session is listed, shown and kicked, its hostile name as harmless text', async () => {
  const client = await TestClient.open(ws);
  client.send({ op: 'hello', id: 1, options: { sdk: '\u001b[31mred\r\n\u202eevil' } });
  const { session } = (await client.next('welcome')).info;
  client.subscribe('weather.>');
  await client.next('subscribed');
  const list = await run('sessions');
  expect(list.stdout).toContain(session);
  const shown = await run('session', session);
  expect(shown).toMatchObject({ code: 0, stderr: '' });
  expect(shown.stdout).toContain('\\u001b[31mred\\u000d\\u000a\\u202eevil');
  expect(shown.stdout).toMatch(/SID +PATTERNS +VIEW .*\n0 +weather\.> +plain /);
  expect((await run('session', session, '--json')).stdout).toContain(`"id":"${session}"`);
  expect((await run('unsubscribe', session, '0')).stdout).toBe(`subscription 0 of ${session} is ended\n`);
  expect((await run('kick', session)).stdout).toBe(`${session} is closed, and told not to come back\n`);
  expect((await client.closed).code).toBe(4506);
  expect(await run('kick', session)).toMatchObject({ code: 1, stderr: expect.stringContaining('no session') });
});

test('a feed that is paused publishes nothing, whoever listens, until it is resumed', async () => {
  const client = await TestClient.greeted(ws);
  client.subscribe('iot.>');
  await client.next('data');
  const published = () => tickwire.feeds.find(({ name }) => name === 'iot')!.stats().published;
  expect((await run('pause', 'iot')).stdout).toBe('iot is paused\n');
  await expect.poll(() => tickwire.feeds.find(({ name }) => name === 'iot')!.stats().activity).toBe('idle');
  const before = published();
  expect((await run('pause', 'iot')).stdout).toBe('iot is paused\n');
  expect((await run('feeds')).stdout).toMatch(/^iot +paused +idle /m);
  expect((await run('feeds')).stdout).toMatch(/^weather +ok +running /m);
  expect(published()).toBe(before);
  expect((await run('resume', 'iot')).stdout).toBe('iot is ok\n');
  await expect.poll(published, { timeout: 10_000 }).toBeGreaterThan(before);
  expect((await run('resume', 'nosuch')).stderr).toContain('no feed "nosuch"');
});

test('the log level is that of the whole process, from then on', async () => {
  expect((await run('log-level')).stdout).toBe('info\n');
  expect((await run('log-level', 'debug')).stdout).toBe('debug\n');
  expect(log.level).toBe('debug');
  expect((await run('log-level', 'loud')).stderr).toContain('level must be one of');
  await run('log-level', 'info');
});

test('without the token, or with another, nobody gets in, and it is never shown', async () => {
  const without = await runInProcess(['admin', 'feeds', '--url', tickwire.url], { cwd: tmpdir() });
  expect(without).toMatchObject({ code: 2, stderr: expect.stringContaining('TICKWIRE_ADMIN_TOKEN is not set') });
  const wrong = await runInProcess(['admin', 'feeds', '--url', tickwire.url], {
    cwd: tmpdir(),
    env: { TICKWIRE_ADMIN_TOKEN: 'some-other-token-of-mine' },
  });
  expect(wrong).toMatchObject({ code: 1, stderr: 'tickwire: this is not the adminToken\n' });
  const connections = await runInProcess(['connections', '--url', tickwire.url], { cwd: tmpdir() });
  expect(connections.stderr).toContain('TICKWIRE_ADMIN_TOKEN is not set here');
  expect(lines.join('')).not.toContain('some-other-token');
  expect(lines.join('')).not.toContain(token);
});

function run(...args: string[]) {
  return runInProcess(['admin', ...args, '--url', tickwire.url], {
    cwd: tmpdir(),
    env: { TICKWIRE_ADMIN_TOKEN: token },
  });
}
