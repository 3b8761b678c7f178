import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { sdkName } from '../../src/client/version.ts';
import { FakeServer } from '../support/fake-server.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

/** A folder where the packed SDK is installed, with its one dependency and nothing else. */
let project: string;

beforeAll(async () => {
  const house = await copyOfTheHouse();
  const client = join(house, 'src/client');
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', house], { cwd: client });
  const [{ filename }] = JSON.parse(stdout.slice(stdout.indexOf('[\n')));
  project = await mkdtemp(join(tmpdir(), 'tickwire-project-'));
  const installed = join(project, 'node_modules/@tickwire/client');
  await mkdir(installed, { recursive: true });
  await run('tar', ['-xzf', join(house, filename), '-C', installed, '--strip-components=1']);
  await symlink(join(root, 'node_modules/msgpackr'), join(project, 'node_modules/msgpackr'));
  await writeFile(join(project, 'package.json'), JSON.stringify({ type: 'module' }));
}, 120_000);

test('it holds the built SDK with types, the readme and the licence, and no server', async () => {
  const installed = join(project, 'node_modules/@tickwire/client');
  expect((await readdir(installed)).sort()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json']);
  expect((await readdir(join(installed, 'dist'))).sort()).toEqual(['client', 'protocol']);
  const sources = await readdir(join(installed, 'dist'), { recursive: true });
  expect(sources).toContain(join('client', 'index.d.ts'));
  expect(sources.filter((name) => name.endsWith('.js')).length).toBeGreaterThan(20);
  const texts = await Promise.all(
    sources.filter((name) => name.endsWith('.js')).map((name) => readFile(join(installed, 'dist', name), 'utf8')),
  );
  expect(texts.filter((text) => /from '(node:|zod)/.test(text))).toEqual([]);
});

test('without a WebSocket of the platform it says what to install', async () => {
  const { stdout } = await node(`
    delete globalThis.WebSocket;
    const client = connect('ws://127.0.0.1:9');
    client.on('givenUp', ({ reason }) => console.log(reason));`);
  expect(stdout).toContain('npm install ws');
});

test('beside the package ws it connects from plain Node, and gets its messages', async () => {
  await symlink(join(root, 'node_modules/ws'), join(project, 'node_modules/ws'));
  const server = await FakeServer.start();
  const printed = node(`
    const client = connect('${server.url}');
    for await (const { topic, data } of client.subscribe('greeting.*')) {
      console.log(topic, data);
      client.close();
    }`);
  const connection = await server.next();
  const hello = await connection.next('hello');
  expect(hello.options.sdk).toBe(sdkName);
  connection.welcome(hello.id);
  const { id, subscriptions } = await connection.next('subscribe');
  connection.send(
    { op: 'subscribed', id, sid: subscriptions[0]!.sid, topics: 1, stream: 0, rate: 0 },
    { op: 'schema', schema: 1, fields: [{ name: '', type: 'string' }] },
    { op: 'topic', tid: 1, name: 'greeting.en', epoch: 'e', schema: 1, kind: 'latest' },
    { op: 'snapshot', tid: 1, seq: 1, ts: 0, last: true, rows: [[['hello']]] },
  );
  expect((await printed).stdout).toBe('greeting.en hello\n');
  await server.stop();
});

test('its types are found by a program that imports it', async () => {
  await writeFile(
    join(project, 'program.ts'),
    `import { connect } from '@tickwire/client';
     const client = connect<{ 'm.*.quote': { bid: number } }>('ws://127.0.0.1:9');
     client.subscribe('m.*.quote', (message) => message.type === 'value' && message.data.bid.toFixed(2));
     // @ts-expect-error
     client.subscribe('m.*.quote', (message) => message.type === 'value' && message.data.ask);`,
  );
  const flags = [
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2022',
    '--lib',
    'es2022,dom',
    '--types',
    '',
  ];
  await run(join(root, 'node_modules/.bin/tsc'), [...flags, 'program.ts'], { cwd: project });
});

test('name and version are those that servers are told', async () => {
  const { version } = JSON.parse(await readFile(join(root, 'src/client/package.json'), 'utf8'));
  expect(sdkName).toBe(`tickwire-js/${version}`);
  const { version: ofTheHouse, dependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const manifest = JSON.parse(await readFile(join(root, 'src/client/package.json'), 'utf8'));
  expect(version).toBe(ofTheHouse);
  expect(manifest.dependencies.msgpackr).toBe(dependencies.msgpackr);
});

/** Packing builds, so it is done on a copy: the tree stays as it was. */
async function copyOfTheHouse(): Promise<string> {
  const house = await mkdtemp(join(tmpdir(), 'tickwire-house-'));
  for (const file of ['package.json', 'tsconfig.json']) await cp(join(root, file), join(house, file));
  for (const room of ['client', 'protocol']) {
    const isSource = (path: string) => !path.includes(join(room, 'dist'));
    await cp(join(root, 'src', room), join(house, 'src', room), { recursive: true, filter: isSource });
  }
  await symlink(join(root, 'node_modules'), join(house, 'node_modules'));
  return house;
}

function node(program: string) {
  const text = `import { connect } from '@tickwire/client';${program}`;
  return run(process.execPath, ['--input-type=module', '--eval', text], { cwd: project, timeout: 20_000 });
}
