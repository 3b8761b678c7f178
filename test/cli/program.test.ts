import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { quoteMessage } from '../../feeds/stocks/messages.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { parseFilter } from '../../src/bus/filter.ts';
import { type CliRunOptions, runInProcess } from '../support/cli-io.ts';
import { diceFeed } from '../support/dice-feed.ts';

const commands = [
  'serve',
  'sub',
  'pub',
  'topics',
  'history',
  'connections',
  'ledger',
  'top',
  'admin',
  'bench',
  'feeds',
  'check-config',
];

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'tickwire-cli-'));
});
afterEach(() => rm(cwd, { recursive: true }));

describe('what people ask before anything runs', () => {
  test('help of the program names every command and shows examples', async () => {
    const { code, stdout } = await run(['--help']);
    expect(code).toBe(0);
    for (const command of commands) expect(stdout).toContain(command);
    expect(stdout).toContain("$ tickwire sub 'host.>'");
  });

  test.each(commands)('help of %s has examples', async (command) => {
    const { code, stdout } = await run([command, '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`Examples:\\n.*tickwire ${command}`, 's'));
  });

  test('the version is the one of the package', async () => {
    expect(await run(['--version'])).toMatchObject({ code: 0, stdout: `${packageJson.version}\n` });
  });

  test('no command at all is a usage error that shows the help', async () => {
    const { code, stderr } = await run([]);
    expect(code).toBe(2);
    expect(stderr).toContain('Usage: tickwire');
  });
});

describe('wrong usage exits with 2 and names what is wrong', () => {
  test.each<[string[], string | RegExp]>([
    [['serv'], /unknown command 'serv'\n\(Did you mean serve\?\)/],
    [['serve', '--prot', '1'], /unknown option '--prot'\n\(Did you mean --port\?\)/],
    [['serve', 'now'], "too many arguments for 'serve'"],
    [['serve', '--port', 'abc'], 'server.port must be a whole number from 0 to 65535, got "abc" (from --port)'],
    [['serve', '--log-level', 'loud'], 'got "loud" (from --log-level)'],
    [['serve', '--config', 'no.ts'], 'no.ts (from --config)'],
    [['serve', '--feeds', 'hots'], 'no feed is called "hots"; did you mean "host"?'],
    [['sub'], "missing required argument 'pattern'"],
    [['sub', 'a..b'], 'pattern "a..b" has an empty segment'],
    [['sub', 'a.>.b'], 'pattern "a.>.b" has ">" before its last segment'],
    [['sub', 'a', '--count', '0'], /'-n, --count <number>' argument '0' is invalid.*whole number from 1/],
    [['sub', 'a', '--for', '10'], /'--for <time>' argument '10' is invalid.*such as 500ms/],
    [['sub', 'a', '--url', 'here'], /argument 'here' is invalid.*ws:\/\/127\.0\.0\.1:9000/],
    [['sub', 'a', '--rate', '0'], /'--rate <hz>' argument '0' is invalid.*from 0\.01 to 1000/],
    [['sub', 'a', '--filter', 'x'.repeat(1_000_000)], /'--filter <expression>' argument 'x{80}…' is invalid/],
    [['sub', 'a', '--rate', 'fast'], /'--rate <hz>' argument 'fast' is invalid/],
    [['sub', 'a', '--fields', 'bid,,ask'], /'--fields <names>' argument 'bid,,ask' is invalid.*comma list/],
    [['sub', 'a', '--filter', 'bid >'], /'--filter <expression>' argument 'bid >' is invalid.*column 6/],
    [['sub', 'a', '--filter', 'x'.repeat(1001)], /'--filter <expression>'.*1000/],
    [['sub', 'a', '--last', '1001'], /'--last <number>' argument '1001' is invalid.*tickwire history/],
    [['sub', 'a', '--since', 'yesterday'], /'--since <time>' argument 'yesterday' is invalid.*such as 30s/],
    [['sub', 'a', '--last', '1', '--since', '1s'], 'give either --last or --since, not both'],
    [['history'], "missing required argument 'topic'"],
    [['history', 'a.*'], 'topic "a.*" has a segment with other characters'],
    [['history', 'a', '--after', '-1'], /'--after <seq>' argument '-1' is invalid.*whole number from 0/],
    [['history', 'a', '--last', '0'], /'-n, --last <number>' argument '0' is invalid/],
    [['connections', '--sort', 'age'], /'--sort <by>' argument 'age' is invalid.*lag, buffered, skipped/],
    [['top', '--sort', 'age'], /'--sort <by>' argument 'age' is invalid.*lag, buffered, skipped/],
    [['top', '--interval', '5'], /'-i, --interval <time>' argument '5' is invalid/],
    [['admin', 'kick'], "missing required argument 'id'"],
    [['admin', 'restart'], "unknown command 'restart'"],
    [['admin', 'feeds'], 'TICKWIRE_ADMIN_TOKEN is not set'],
    [['ledger', 'a..b'], 'pattern "a..b" has an empty segment'],
    [['ledger', '--for', '5'], /'--for <time>' argument '5' is invalid/],
    [['topics', 'a b'], 'pattern "a b" has a segment with other characters'],
    [['pub', 'a.*', '1'], 'topic "a.*" has a segment with other characters'],
    [['pub', 'a', '{"x":'], /the value is not JSON: "\{\\"x\\":"/],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await run(args);
    expect(stderr).toMatch(message instanceof RegExp ? message : literally(message));
    expect(stderr).toMatch(/^tickwire: /);
    expect(stderr).not.toContain('    at ');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  test('a variable that is spelt wrong is named with the nearest one', async () => {
    const { code, stderr } = await run(['serve'], { env: { TICKWIRE_PROT: '1' } });
    expect(code).toBe(2);
    expect(stderr).toBe('tickwire: TICKWIRE_PROT is not a known variable, got "1"; did you mean "TICKWIRE_PORT"?\n');
  });

  test('a TICKWIRE_URL that is none is named', async () => {
    const { code, stderr } = await run(['topics'], { env: { TICKWIRE_URL: 'here' } });
    expect(code).toBe(2);
    expect(stderr).toContain('TICKWIRE_URL "here" is no server');
  });
});

describe('without a server', () => {
  test('feeds shows what would run and what could, with topics and settings', async () => {
    await writeFile(join(cwd, 'dice.ts'), diceFeed);
    const { code, stdout } = await run(['feeds', '--feeds', 'host,./dice.ts']);
    expect(code).toBe(0);
    expect(stdout).toContain('dice: runs, timer\n  Throws dice.\n');
    expect(stdout).toMatch(/ {4}dice\.\{colour\} +latest +One throw\./);
    expect(stdout).toMatch(/ {4}faces +integer, 6 +Sides of a die\./);
    expect(stdout).toMatch(/^host: runs/m);
    expect(stdout).toMatch(/^stocks: does not run/m);
    const json = await run(['feeds', '--feeds', './dice.ts', '--json']);
    const [dice, ...others] = json.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(dice).toMatchObject({ name: 'dice', runs: true, shape: 'timer', settings: [{ name: 'faces', default: 6 }] });
    expect(others.every(({ runs }) => runs === false)).toBe(true);
  });

  test('the feed and the config that README shows are good as they stand', async () => {
    const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
    const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => code);
    const find = (text: string) => examples.find((code) => code.includes(text)) ?? '';
    await writeFile(join(cwd, 'my-feed.ts'), find('defineFeed'));
    await writeFile(join(cwd, 'tickwire.config.ts'), find('defineConfig'));
    const { stdout } = await run(['feeds', '--feeds', './my-feed.ts']);
    expect(stdout).toContain('dice: runs, timer');
    const config = JSON.parse((await run(['check-config'])).stdout);
    expect(config.open).toMatchObject([{ pattern: 'chat.*', kind: 'event' }]);
  });

  test('the filters that the READMEs show for quotes fit quotes', async () => {
    const fields = Object.keys(quoteMessage.shape);
    const filters: string[] = [];
    for (const file of ['../../README.md', '../../src/client/README.md']) {
      const readme = await readFile(new URL(file, import.meta.url), 'utf8');
      const shown = readme.matchAll(/market\.sim\.\*\.quote'[^`;]*?filter(?: |: )'(.+?)'/gs);
      filters.push(...[...shown].map(([, filter = '']) => filter));
    }
    expect(filters).toHaveLength(3);
    for (const filter of filters) expect(fields).toEqual(expect.arrayContaining([...parseFilter(filter).fields]));
  });

  test('check-config prints what is in force and, on request, who said so', async () => {
    const env = { TICKWIRE_PORT: '9100' };
    const plain = await run(['check-config', '--seed', 'x'], { env });
    expect(plain.code).toBe(0);
    expect(JSON.parse(plain.stdout)).toMatchObject({ server: { port: 9100, host: '127.0.0.1' }, seed: 'x' });
    const { stdout } = await run(['check-config', '--seed', 'x', '--sources'], { env });
    expect(JSON.parse(stdout)).toMatchObject({
      config: { seed: 'x' },
      sources: { 'server.port': 'TICKWIRE_PORT', 'server.host': 'default', seed: '--seed' },
    });
  });

  test('the admin token is never shown, neither a right one nor one that is too short', async () => {
    const secret = 'a-token-that-is-long-enough';
    const { stdout } = await run(['check-config', '--sources'], { env: { TICKWIRE_ADMIN_TOKEN: secret } });
    expect(stdout).toContain('"adminToken": "[hidden]"');
    expect(stdout).not.toContain(secret);
    const short = await run(['check-config'], { env: { TICKWIRE_ADMIN_TOKEN: 'pa55word' } });
    expect(short).toMatchObject({ code: 2, stderr: expect.stringContaining('server.adminToken must be 16 to 512') });
    expect(short.stderr).not.toContain('pa55word');
  });

  test('check-config shows a schema as JSON Schema', async () => {
    await writeFile(
      join(cwd, 'tickwire.config.ts'),
      `import { z } from 'zod';
       export default { open: [{ pattern: 'chat.*', schema: z.object({ text: z.string() }) }] };`,
    );
    const { stdout } = await run(['check-config']);
    expect(JSON.parse(stdout).open[0]).toMatchObject({
      pattern: 'chat.*',
      schema: { properties: { text: { type: 'string' } } },
    });
  });

  test('check-config says how much memory the past of topics may take', async () => {
    const history = [
      { pattern: 'audit.>', maxCount: 0 },
      { pattern: 'chat.>', maxCount: 50, maxBytes: 1000, maxAgeMs: 86_400_000 },
      { pattern: 'big.*', maxBytes: 1024 ** 4, maxAgeMs: 1500 },
    ];
    await writeFile(join(cwd, 'tickwire.config.json'), JSON.stringify({ history }));
    const { stdout } = await run(['check-config'], { env: { TICKWIRE_HISTORY_BYTES: `${3 * 1024 ** 2}` } });
    expect(JSON.parse(stdout).memory.history).toEqual({
      all: 'at most 3145728 bytes (3 MiB), as estimated (server.historyBytes); above it the largest topic drops its oldest',
      eachTopic: [
        'audit.>: nothing',
        'chat.>: at most 1000 bytes, 50 publications, 24 h',
        'big.*: at most 3145728 bytes (3 MiB), 1000 publications, 1500 ms',
        'topics whose feed declares a history: what it says',
        'other event topics: at most 131072 bytes (128 KiB), 1000 publications, 10 min',
        'other topics, and ephemeral ones: nothing',
      ],
    });
  });

  test('check-config lists every problem, those of feeds as well', async () => {
    const { code, stdout, stderr } = await run(['check-config', '--feeds', './gone.ts,hots,host']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('tickwire: the configuration has 2 problems:');
    expect(stderr).toContain(join(cwd, 'gone.ts'));
    expect(stderr).toContain('no feed is called "hots"');
    await writeFile(join(cwd, 'dice.ts'), diceFeed);
    const feeds = [{ use: './dice.ts', config: { faces: 'six' } }];
    await writeFile(join(cwd, 'tickwire.config.json'), JSON.stringify({ feeds }));
    const wrong = await run(['check-config']);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toMatch(/feeds\[0\]\.config\.faces.*got "six"/);
  });

  test('two files whose feeds have one name are refused', async () => {
    for (const name of ['a.ts', 'b.ts']) await writeFile(join(cwd, name), diceFeed);
    const { code, stderr } = await run(['check-config', '--feeds', './a.ts,./b.ts']);
    expect(code).toBe(2);
    expect(stderr).toContain('two are named "dice"');
  });
});

function run(args: readonly string[], options: Partial<CliRunOptions> = {}) {
  return runInProcess(args, { cwd, ...options });
}

function literally(text: string): RegExp {
  return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
}
