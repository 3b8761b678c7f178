import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../bench/support/free-port.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;
let stages: Instruction[][];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tickwire-image-'));
  stages = stagesOf(await readFile(join(root, 'Dockerfile'), 'utf8'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('the linter has nothing to say against the Dockerfile', async () => {
  const lint = join(root, 'node_modules/.bin/dockerfilelint');
  const copy = join(folder, 'Dockerfile');
  const text = await readFile(join(root, 'Dockerfile'), 'utf8');
  await writeFile(copy, text.replace(' --start-period=20s', '')); // it takes a dash in the name of an option for its end
  const { stdout } = await run(lint, [copy, '-o', 'json']);
  expect(JSON.parse(stdout).totalIssues).toBe(0);
});

/** The steps are those of the file, in its order; only the fetching of packages is done by copying those that are here. */
test('what its steps make serves, says so to its health check, and ends with 0 at its stop signal', async () => {
  const [build = [], image = []] = stages;
  const source = join(folder, 'build');
  await copySources(source);
  for (const { name, text } of build) {
    if (name !== 'RUN') continue;
    if (text.startsWith('npm ci')) await copyModules(source);
    else await run('sh', ['-c', text], { cwd: source, maxBuffer: 16 * 1024 * 1024 });
  }
  const app = join(folder, 'app');
  await mkdir(app);
  for (const { name, text } of image) if (name === 'COPY') await copyFromBuild(text, source, app);

  expect(await readdir(join(app, 'node_modules'))).not.toContain('vitest');
  expect(await readdir(join(app, 'node_modules/uWebSockets.js/dist/bin'))).toEqual([
    `uws_${process.platform}_${process.arch}_${process.versions.modules}.node`,
  ]);
  expect(await sizeOf(app)).toBeLessThan(100 * 2 ** 20);

  const port = await freePort();
  const env = { PATH: process.env.PATH, ...variablesOf(image), TICKWIRE_PORT: `${port}` };
  const command: string[] = [...json(image, 'ENTRYPOINT'), ...json(image, 'CMD')];
  const server = spawn(command[0]!, command.slice(1), { cwd: app, env, stdio: 'ignore' });
  const [check = '', ...checkArguments] = healthCheckOf(image);
  const isHealthy = () =>
    run(check, checkArguments, { cwd: app, env }).then(
      () => true,
      () => false,
    );
  await expect.poll(isHealthy, { timeout: 15_000, interval: 200 }).toBe(true);
  expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200);
  const exited = once(server, 'exit');
  server.kill(image.find(({ name }) => name === 'STOPSIGNAL')!.text as NodeJS.Signals);
  expect(await exited).toEqual([0, null]);
  expect(await isHealthy()).toBe(false);
}, 120_000);

test('nobody is root in it, and nothing secret is said', () => {
  const image = stages.at(-1)!;
  expect(image.find(({ name }) => name === 'USER')?.text).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  expect(JSON.stringify(stages)).not.toMatch(/ADMIN_TOKEN|SECRET|PASSWORD/);
});

type Instruction = { readonly name: string; readonly text: string };

function stagesOf(file: string): Instruction[][] {
  const stages: Instruction[][] = [];
  const lines = file.replace(/^#.*$/gm, '').replace(/\\\n/g, ' ').split('\n');
  for (const line of lines) {
    const [, name, text] = /^([A-Z]+)\s+(.*)$/.exec(line.trim()) ?? [];
    if (name === undefined || text === undefined) continue;
    if (name === 'FROM') stages.push([]);
    stages.at(-1)?.push({ name, text });
  }
  return stages;
}

function json(stage: readonly Instruction[], name: string): string[] {
  return JSON.parse(stage.find((instruction) => instruction.name === name)!.text);
}

function healthCheckOf(stage: readonly Instruction[]): string[] {
  const { text } = stage.find(({ name }) => name === 'HEALTHCHECK')!;
  return JSON.parse(text.slice(text.indexOf('CMD') + 3));
}

function variablesOf(stage: readonly Instruction[]): Record<string, string> {
  const pairs = stage.filter(({ name }) => name === 'ENV').flatMap(({ text }) => text.split(/\s+/));
  return Object.fromEntries(pairs.map((pair) => pair.split('=') as [string, string]));
}

/** What git knows, less what .dockerignore keeps out. */
async function copySources(to: string): Promise<void> {
  const { stdout } = await run('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root });
  const ignored = (await readFile(join(root, '.dockerignore'), 'utf8')).split('\n').filter(Boolean);
  const isIgnored = (file: string) => ignored.some((path) => file === path || file.startsWith(`${path}/`));
  for (const file of stdout.trim().split('\n')) {
    if (isIgnored(file) || !(await exists(join(root, file)))) continue;
    await mkdir(join(to, dirname(file)), { recursive: true });
    await cp(join(root, file), join(to, file));
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Links, for nothing in them is changed. */
async function copyModules(to: string): Promise<void> {
  await run('cp', ['-al', join(root, 'node_modules'), join(to, 'node_modules')]).catch(() =>
    run('cp', ['-a', join(root, 'node_modules'), join(to, 'node_modules')]),
  );
}

async function copyFromBuild(text: string, source: string, app: string): Promise<void> {
  const [, from = '', to = ''] = /^--from=build \/app\/(\S+) (\S+)$/.exec(text) ?? [];
  await cp(join(source, from), join(app, to === './' ? basename(from) : to), {
    recursive: true,
    verbatimSymlinks: true,
  });
}

async function sizeOf(path: string): Promise<number> {
  const { stdout } = await run('du', ['-sb', path]);
  return Number.parseInt(stdout, 10);
}
