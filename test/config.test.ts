import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { ConfigError, loadConfig, resolveConfig } from '../src/config.ts';
import { serverDefaults } from '../src/server/options.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'tickwire-config-'));
});
afterEach(() => rm(cwd, { recursive: true }));

test('nothing said: the defaults, frozen all the way down', async () => {
  const config = await load();
  expect(config.server).toEqual(serverDefaults);
  expect(config.feeds.map((feed) => feed.use)).toEqual(['host', 'stocks', 'weather', 'iot', 'replay']);
  expect(config).toMatchObject({ seed: 'tickwire', open: [], log: { level: 'info', format: 'auto' }, folder: cwd });
  expect(Object.isFrozen(config.server)).toBe(true);
  expect(Object.isFrozen(config.feeds[0])).toBe(true);
  expect(Object.isFrozen(serverDefaults)).toBe(false);
});

test('a flag wins over the environment, which wins over the file', async () => {
  await write(
    'tickwire.config.json',
    JSON.stringify({ server: { port: 1, host: 'file', maxErrors: 3 }, seed: 'file' }),
  );
  const env = { TICKWIRE_PORT: '2', TICKWIRE_HOST: 'env' };
  const { config, sources } = await resolveConfig({ cwd, env, flags: { port: '3' } });
  expect(config.server).toMatchObject({ port: 3, host: 'env', maxErrors: 3 });
  expect(sources).toMatchObject({
    'server.port': '--port',
    'server.host': 'TICKWIRE_HOST',
    'server.maxErrors': join(cwd, 'tickwire.config.json'),
    'server.timeoutMs': 'default',
    seed: join(cwd, 'tickwire.config.json'),
  });
});

test('a TypeScript config needs no tool chain and no node_modules: zod and tickwire are ours', async () => {
  await write(
    'tickwire.config.ts',
    `import { z } from 'zod';
     import { defineConfig } from 'tickwire';
     import { defineFeed } from 'tickwire/feed';
     import { port } from './port.ts';
     enum Level { Debug = 'debug' }
     if (typeof defineFeed !== 'function') throw new Error('no defineFeed');
     export default defineConfig({
       server: { port }, log: { level: Level.Debug },
       open: [{ pattern: 'chat.>', kind: 'event', schema: z.object({ text: z.string() }) }],
     });`,
  );
  await write('port.ts', 'export const port: number = 9123;');
  const config = await load();
  expect(config.server.port).toBe(9123);
  expect(config.log.level).toBe('debug');
  expect(config.open[0]?.schema).toBeInstanceOf(z.ZodObject);
});

test('an open topic in a JSON config is checked by its JSON Schema', async () => {
  const schema = { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] };
  await write('tickwire.config.json', JSON.stringify({ open: [{ pattern: 'chat.*', schema }, { pattern: 'any' }] }));
  const { open } = await load();
  expect(open[0]).toMatchObject({ pattern: 'chat.*', kind: 'latest' });
  expect(open[0]?.schema?.safeParse({ text: 'x' }).success).toBe(true);
  expect(open[0]?.schema?.safeParse({ text: 1 }).success).toBe(false);
  expect(open[1]).toEqual({ pattern: 'any', kind: 'latest' });
});

test('lists replace the list of the layer below, and --feed adds to it', async () => {
  await write('tickwire.config.json', JSON.stringify({ feeds: ['host', { use: 'stocks', config: { symbols: 3 } }] }));
  expect(uses(await load())).toEqual(['host', 'stocks']);
  expect(uses(await load({ env: { TICKWIRE_FEEDS: 'iot, weather' } }))).toEqual(['iot', 'weather']);
  expect(uses(await load({ flags: { feeds: 'replay', feed: ['iot'] } }))).toEqual(['replay', 'iot']);
  expect(uses(await load({ flags: { feeds: '' } }))).toEqual([]);
  const { sources } = await resolveConfig({ cwd, env: {}, flags: { feed: ['iot'] } });
  expect(sources['feeds.2']).toBe('--feed');
});

test('a feed path starts where it was written: the config file or the shell', async () => {
  await mkdir(join(cwd, 'conf'));
  await write('conf/my.json', JSON.stringify({ feeds: ['./a.ts'] }));
  const config = await load({ flags: { config: 'conf/my.json', feed: ['./b.ts'] } });
  expect(config.folder).toBe(join(cwd, 'conf'));
  expect(uses(config)).toEqual(['./a.ts', join(cwd, 'b.ts')]);
});

test('every problem is listed with its path, its value and who set it', async () => {
  const file = await write(
    'tickwire.config.json',
    JSON.stringify({
      server: { prot: 1, maxErrors: 0, allowedOrigins: ['example.com'] },
      feeds: ['host', 'host', { name: 'x' }, { use: 'iot', nmae: 'y' }],
      open: [{ pattern: 'a..b' }, { pattern: 'a', kind: 'lastest' }, { pattern: 'b', schema: { type: 'objekt' } }],
      log: { level: 'loud' },
      sead: 'x',
    }),
  );
  const problems = await problemsOf({ env: { TICKWIRE_PORT: '70000', TICKWIRE_PROT: '1' }, flags: { seed: '' } });
  const origin = 'must be an origin such as https://app.example.com';
  expect(problems.sort()).toEqual(
    [
      'TICKWIRE_PROT is not a known variable, got "1"; did you mean "TICKWIRE_PORT"?',
      'server.port must be a whole number from 0 to 65535, got 70000 (from TICKWIRE_PORT)',
      `server.prot is not an option (from ${file}); did you mean "port"?`,
      `server.maxErrors must be a whole number from 1 to 1000000, got 0 (from ${file})`,
      `server.allowedOrigins[0] ${origin}, got "example.com" (from ${file})`,
      `feeds[2].use must be a built-in feed's name or a path such as "./my-feed.ts", got nothing (from ${file})`,
      `feeds[3].nmae is not an option (from ${file}); did you mean "name"?`,
      `open[0].pattern is no pattern: it has an empty segment, got "a..b" (from ${file})`,
      `open[1].kind must be one of latest, event, keyed, ephemeral, got "lastest" (from ${file})`,
      `open[2].schema must be a zod schema or a JSON Schema object (Unsupported type: objekt), got {"type":"objekt"} (from ${file})`,
      `log.level must be one of fatal, error, warn, info, debug, trace, silent, got "loud" (from ${file})`,
      'seed must be a text that is not empty, or a number, got "" (from --seed)',
      `sead is not an option (from ${file}); did you mean "seed"?`,
    ].sort(),
  );
});

test('two feeds of one name are refused unless one is given a name of its own', async () => {
  expect(await problemsOf({ flags: { feed: ['stocks'] } })).toEqual([
    expect.stringMatching(/^feeds\[5\] is a second feed named "stocks".*\(from --feed\)$/),
  ]);
  await write('tickwire.config.json', JSON.stringify({ feeds: ['stocks', { use: 'stocks', name: 'stocks-two' }] }));
  expect((await load()).feeds.map((feed) => feed.name)).toEqual([undefined, 'stocks-two']);
});

test('text where a number is due is named as it was written', async () => {
  expect(await problemsOf({ flags: { port: 'abc' } })).toEqual([
    'server.port must be a whole number from 0 to 65535, got "abc" (from --port)',
  ]);
});

test('every numeric option of the server has a variable', async () => {
  const env = { TICKWIRE_MAX_FRAME_BYTES: '1024', TICKWIRE_FLUSH_INTERVAL_MS: '5', TICKWIRE_LIMITED_RATE: '0.5' };
  expect((await load({ env })).server).toMatchObject({ maxFrameBytes: 1024, flushIntervalMs: 5, limitedRate: 0.5 });
});

test('a timeout that is not longer than the heartbeat is refused', async () => {
  const [problem] = await problemsOf({ env: { TICKWIRE_TIMEOUT_MS: '10000' } });
  expect(problem).toMatch(/^server\.timeoutMs must be more than server\.heartbeatMs \(10000\).*TICKWIRE_TIMEOUT_MS/);
});

test.each<[Record<string, string>, string]>([
  [
    { TICKWIRE_HIGH_WATER_BYTES: '8192' },
    'server.highWaterBytes must be more than server.lowWaterBytes (8192), or a laggard would be one again at once, got 8192 (from TICKWIRE_HIGH_WATER_BYTES)',
  ],
  [
    { TICKWIRE_EVICT_BYTES: '2048' },
    'server.evictBytes must be more than server.highWaterBytes (32768), or a connection is closed before it could catch up, got 2048 (from TICKWIRE_EVICT_BYTES)',
  ],
  [
    { TICKWIRE_EVICT_AFTER_MS: '1000' },
    'server.evictAfterMs must be more than server.lagMs (1000), or a connection is closed before it could catch up, got 1000 (from TICKWIRE_EVICT_AFTER_MS)',
  ],
  [
    { TICKWIRE_LIMITED_RATE: '0' },
    'server.limitedRate must be a number from 0.01 to 100, got 0 (from TICKWIRE_LIMITED_RATE)',
  ],
  [
    { TICKWIRE_HISTORY_BYTES: '1.5' },
    'server.historyBytes must be a whole number from 0 to 1099511627776, got 1.5 (from TICKWIRE_HISTORY_BYTES)',
  ],
])('limits that contradict each other or mean nothing are refused: %j', async (env, problem) => {
  expect(await problemsOf({ env })).toEqual([problem]);
});

test('an entry of history is as the defaults where it says nothing, and deeply frozen', async () => {
  await write(
    'tickwire.config.json',
    JSON.stringify({
      history: [
        { pattern: 'chat.>', maxCount: 50 },
        { pattern: 'lab.*', maxAgeMs: 1000, maxBytes: 9 },
      ],
    }),
  );
  const { history } = await load();
  expect(history).toEqual([
    { pattern: 'chat.>', maxCount: 50, maxBytes: 131_072, maxAgeMs: 600_000 },
    { pattern: 'lab.*', maxCount: 1000, maxBytes: 9, maxAgeMs: 1000 },
  ]);
  expect(Object.isFrozen(history[0])).toBe(true);
});

test('what is wrong with history or with the life of rows is named', async () => {
  const file = await write(
    'tickwire.config.json',
    JSON.stringify({
      history: [{ pattern: 'a..b' }, { pattern: 'a', maxCount: -1 }, { pattern: 'a', maxcount: 5 }, { maxBytes: 0 }],
      open: [
        { pattern: 'a', ttlMs: 5 },
        { pattern: 'a', kind: 'keyed', ttlMs: 0 },
        { pattern: 'a', kind: 'keyed', ttlMs: 86_400_000 },
      ],
    }),
  );
  const from = `(from ${file})`;
  expect((await problemsOf({})).sort()).toEqual(
    [
      `history[0].pattern is no pattern: it has an empty segment, got "a..b" ${from}`,
      `history[1].maxCount must be a whole number from 0 to 10000000, got -1 ${from}`,
      `history[2].maxcount is not an option ${from}; did you mean "maxCount"?`,
      `history[3].pattern must be a topic or pattern, got nothing ${from}`,
      `history[3].maxBytes must be a whole number from 1 to 1099511627776, got 0 ${from}`,
      `open[0].ttlMs is for rows, so for kind keyed; this kind is latest, got 5 ${from}`,
      `open[1].ttlMs must be a whole number from 1 to 86400000, got 0 ${from}`,
    ].sort(),
  );
});

test('an empty variable is an absent one, and what Kubernetes injects is not ours', async () => {
  const env = { TICKWIRE_PORT: 'tcp://10.0.0.1:9000', TICKWIRE_SERVICE_HOST: '10.0.0.1', TICKWIRE_HOST: '' };
  expect((await load({ env })).server).toEqual(serverDefaults);
});

test('a file that is missing, cannot be read, or is one of two is named', async () => {
  expect(await problemsOf({ flags: { config: 'no.json' } })).toEqual([
    `there is no config file ${join(cwd, 'no.json')} (from --config)`,
  ]);
  expect(await problemsOf({ env: { TICKWIRE_CONFIG: 'no.json' } })).toEqual([
    `there is no config file ${join(cwd, 'no.json')} (from TICKWIRE_CONFIG)`,
  ]);
  const broken = await write('broken.json', '{"server": ');
  expect((await problemsOf({ flags: { config: 'broken.json' } }))[0]).toContain(`cannot read config file ${broken}: `);
  const list = await write('list.json', '[]');
  expect(await problemsOf({ flags: { config: 'list.json' } })).toEqual([`${list} must hold one object`]);
  const silent = await write('silent.ts', 'export const config = {};');
  expect(await problemsOf({ flags: { config: 'silent.ts' } })).toEqual([`${silent} must export by default one object`]);
  const throwing = await write('throwing.ts', 'throw new Error("no luck");');
  expect(await problemsOf({ flags: { config: 'throwing.ts' } })).toEqual([
    `cannot read config file ${throwing}: no luck`,
  ]);
  await write('tickwire.config.ts', 'export default {}');
  await write('tickwire.config.json', '{}');
  expect((await problemsOf({}))[0]).toMatch(/more than one config file/);
});

test('a group that is no object is named, also when a variable reaches into it', async () => {
  const file = await write('tickwire.config.json', '{"server": 3}');
  expect(await problemsOf({ env: { TICKWIRE_PORT: '1' } })).toEqual([`server must be an object, got 3 (from ${file})`]);
});

type Said = { env?: Record<string, string>; flags?: Parameters<typeof loadConfig>[0]['flags'] };

function load({ env = {}, flags = {} }: Said = {}) {
  return loadConfig({ cwd, env, flags });
}

async function problemsOf(said: Said): Promise<string[]> {
  const error: unknown = await load(said).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ConfigError);
  return [...(error as ConfigError).problems];
}

async function write(name: string, text: string): Promise<string> {
  const file = join(cwd, name);
  await writeFile(file, text);
  return file;
}

function uses(config: Awaited<ReturnType<typeof loadConfig>>): string[] {
  return config.feeds.map((feed) => feed.use);
}
