import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { declarationOf } from '../../src/cli/types/declaration.ts';
import { loadConfig, type RunningTickwire, startTickwire } from '../../src/main.ts';
import { runInProcess } from '../support/cli-io.ts';

const any = '$' + '{string}'; // of TypeScript
const root = fileURLToPath(new URL('../..', import.meta.url));
let server: RunningTickwire;
let folder: string;

beforeAll(async () => {
  const config = await loadConfig({ cwd: import.meta.dirname, env: {}, flags: { port: '0', logLevel: 'silent' } });
  server = await startTickwire({ ...config, open: [{ pattern: 'chat.>', kind: 'event' }] });
  folder = await mkdtemp(join(tmpdir(), 'tickwire-types-'));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
});

afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true });
});

test('a program that is typed by a running server compiles, and one that is wrong about it does not', async () => {
  expect(await run('--url', socketUrl(), '-o', 'feeds.d.ts')).toMatchObject({ code: 0, stdout: '', stderr: '' });
  const right = `
    client.subscribe('market.sim.*.quote', (message) => {
      if (message.type === 'value') sink(message.data.bid + message.data.askQty);
    });
    client.subscribe('market.sim.AAPL.trade', ({ ...message }) => {
      if (message.type === 'value' && message.data.side === 'buy') sink(message.data.px);
    });
    client.subscribe('weather.sim.KSEA.obs', (message) => {
      if (message.type === 'value') sink(message.data.t ?? 0);
    });
    client.subscribe('host.>', (message) => message.type === 'value' && JSON.stringify(message.data));
    client.subscribe('nobody.knows', (message) => {
      if (message.type === 'value') { const data: unknown = message.data; JSON.stringify(data); }
    });`;
  const wrong = `
    client.subscribe('market.sim.*.quote', (message) => message.type === 'value' && sink(message.data.price));
    client.subscribe('market.sim.AAPL.quote', (message) => message.type === 'value' && sink(message.data.nothing));
    client.subscribe('weather.sim.KSEA.obs', (message) => message.type === 'value' && sink(message.data.t));
    client.subscribe('market.sim.AAPL.trade', (message) => message.type === 'value' && message.data.side === 'up');`;
  expect(await complaintsOf(right)).toEqual([]);
  expect(await complaintsOf(wrong)).toEqual([
    expect.stringContaining("'price' does not exist"),
    expect.stringContaining("'nothing' does not exist"),
    expect.stringMatching(/null.* is not assignable to .*number/),
    expect.stringContaining('have no overlap'),
  ]);
}, 60_000);

test('it says where it comes from, and tells units and descriptions', async () => {
  const { stdout: text } = await run('--url', socketUrl());
  expect(text).toMatch(/^\/\/ What tickwire \d+\.\d+\.\d+ at ws:\/\/127\.0\.0\.1:\d+.* publishes\./);
  expect(text).toContain(
    `/** Best bid and ask, published when they change. */\n  [topic: \`market.sim.${any}.quote\`]: {`,
  );
  expect(text).toContain('/** [USD] */\n    readonly "bid": number;');
  expect(text).toContain('"market.sim.instruments": {');
  expect(text).toContain('readonly "side": "buy" | "sell" | null;');
  expect(text).toContain(`[topic: \`chat.${any}\`]: unknown;`);
});

test('topics of one form that two feeds publish on are of either type', async () => {
  const payloadOf = (type: string) => ({ type: 'object', properties: { v: { type } }, required: ['v'] });
  const families = [
    { address: 'lab.{room}.state', description: 'Ours.', payload: payloadOf('number') },
    { address: 'lab.{id}.state', description: 'Theirs.', payload: payloadOf('boolean') },
    { address: 'lab.{id}.state', description: 'Ours.', payload: payloadOf('number') },
  ];
  const text = declarationOf(families, { server: 'x', url: 'y' });
  expect(text).toContain('/** Ours. Theirs. */');
  const use = "\nexport const values: Feeds['lab.1.state'][] = [{ v: 1 }, { v: true }];";
  await writeFile(join(folder, 'both.ts'), text + use);
  expect(await compile('both.ts')).toEqual([]);
});

test('whatever names and words a server sends, they stay where they belong', async () => {
  const odd = `x\`;${any}\\ */ "quoted"\nnext line`;
  const text = declarationOf(
    [
      { address: odd, description: odd, payload: { type: 'object', properties: { [odd]: { enum: [odd, null] } } } },
      { address: `other.{a}${odd}`, description: '', payload: { type: 'string', description: odd } },
    ],
    { server: odd, url: odd },
  );
  await writeFile(join(folder, 'odd.d.ts'), text);
  expect(await compile('odd.d.ts')).toEqual([]);
});

test('a server that is not there, and a file that can not be written, are said by name', async () => {
  const gone = await run('--url', 'ws://127.0.0.1:9');
  expect(gone).toMatchObject({ code: 1, stderr: expect.stringContaining('127.0.0.1:9') });
  const nowhere = await run('--url', socketUrl(), '-o', 'no/such/folder.d.ts');
  expect(nowhere).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/--output no\/such\/folder\.d\.ts: .*ENOENT/),
  });
});

function run(...args: readonly string[]) {
  return runInProcess(['types', ...args], { cwd: folder });
}

function socketUrl(): string {
  return server.url.replace('http', 'ws');
}

async function complaintsOf(program: string): Promise<string[]> {
  const head = `
    import { connect } from '${root}src/client/index.ts';
    import type { Feeds } from './feeds.d.ts';
    const client = connect<Feeds>('ws://127.0.0.1:9000');
    const sink = (value: number) => void value;`;
  await writeFile(join(folder, 'program.ts'), head + program);
  return compile('program.ts');
}

/** Errors in this file, one each. */
async function compile(name: string): Promise<string[]> {
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: {
      rootDir: '/',
      rewriteRelativeImportExtensions: false,
      allowImportingTsExtensions: true,
      skipLibCheck: false,
      types: [],
      typeRoots: [join(root, 'node_modules/@types')],
    },
    files: [name],
    include: [],
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const run = promisify(execFile)(join(root, 'node_modules/.bin/tsc'), ['-p', folder, '--pretty', 'false']);
  const { stdout } = (await run.catch((fault: unknown) => fault)) as { stdout: string };
  return stdout.split('\n').filter((line) => line.includes(name) && line.includes('error'));
}
