import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/** Which room may import from which others, besides itself. What is not listed is not allowed. */
const mayImport: Record<string, readonly string[]> = {
  'src/protocol': [],
  'src/feed': [],
  'src/bus': ['src/protocol'],
  'src/backplane': ['src/bus', 'src/protocol'],
  'src/server': ['src/bus', 'src/protocol'],
  'src/rooms': ['src/bus', 'src/protocol'],
  'src/documents': ['src/bus', 'src/protocol'],
  'src/client': ['src/protocol'],
  'src/dashboard': ['src/client'],
  'src/metrics': ['src', 'src/bus', 'src/feed', 'src/server'],
  feeds: ['src/feed'],
  bench: ['src/client', 'src/protocol'],
  grafana: [],
  examples: [], // they are what a user writes: of ours, only what the package exports
};

/** Benchmarks that measure a part of the server by itself, so must put that part together. All others go by the wire. */
const mayAlsoImport: Record<string, readonly string[]> = {
  'bench/load/source/feed.ts': ['src/feed'],
  'bench/load/conductor/machine.ts': ['src'],
  'bench/load/source/server.ts': ['src'],
  'bench/micro/bus-parts.ts': ['src/bus'],
  'bench/scenarios/rolling-restart/feed.ts': ['src/feed'],
  'bench/peers/catalog/bare.ts': ['src/server'],
  'bench/support/bench-server.ts': ['src/bus', 'src/server'],
};

/** Files right under src/ put the house together (main, cli, config and their like) and know everyone. */
const freeRooms = ['src', 'src/cli', 'src/config'];

/** Libraries that one place owns. */
const ownedBy: Record<string, (file: string) => boolean> = {
  'uWebSockets.js': (file) => file.startsWith('src/server/') || file.startsWith('bench/'),
  '@btc-vision/uwebsockets.js': (file) => file.startsWith('src/server/') || file.startsWith('bench/'),
  msgpackr: (file) => file === 'src/protocol/codec.ts',
  'prom-client': (file) => file === 'src/metrics.ts',
  '@grafana/grafana-foundation-sdk': (file) => file.startsWith('grafana/'),
};

/** Rooms that also live in browsers. The dashboard's build configuration does not. */
const isForBrowsers = (file: string) =>
  /^src\/(protocol|client|dashboard)\//.test(file) && file !== 'src/dashboard/vite.config.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const files = ['src', 'feeds', 'bench', 'grafana', 'examples'].flatMap(sourceFiles);

test.each(rooms())('%s imports only from rooms that it may import from', (room) => {
  const strays = files
    .filter((file) => roomOf(file) === room)
    .flatMap((file) =>
      importsIn(file)
        .filter(isOurs)
        .map((specifier) => [file, resolve(file, specifier)] as const),
    )
    .filter(([, target]) => !isAllowed(room, roomOf(target)))
    .filter(([file, target]) => mayAlsoImport[file]?.includes(roomOf(target)) !== true)
    .map(([file, target]) => `${file} imports ${target}`);
  expect(strays).toEqual([]);
});

test('a library that one place owns is imported there alone', () => {
  const strays = files.flatMap((file) =>
    importsIn(file)
      .filter((specifier) => ownedBy[packageOf(specifier)]?.(file) === false)
      .map((specifier) => `${file} imports ${specifier}`),
  );
  expect(strays).toEqual([]);
});

test('only config.ts reads the environment', () => {
  const readsEnvironment = /\bprocess\s*(\?\.|\.)\s*env\b|\bprocess\[|from 'node:process'/;
  const readers = files.filter((file) => roomOf(file) !== 'examples' && readsEnvironment.test(textOf(file)));
  expect(readers).toEqual(['src/config.ts']);
});

test('rooms that also live in browsers need nothing that browsers lack', () => {
  const strays = files
    .filter(isForBrowsers)
    .filter((file) => importsIn(file).some((specifier) => specifier.startsWith('node:')));
  expect(strays).toEqual([]);
});

test('every room is listed', () => {
  expect(rooms().filter((room) => !isFree(room) && mayImport[room] === undefined)).toEqual([]);
});

test('no exception outlives its reason', () => {
  const used = (file: string, target: string) =>
    files.includes(file) &&
    importsIn(file).some((specifier) => isOurs(specifier) && roomOf(resolve(file, specifier)) === target);
  const stale = Object.entries(mayAlsoImport).flatMap(([file, targets]) =>
    targets.filter((target) => !used(file, target)).map((target) => `${file} → ${target}`),
  );
  expect(stale).toEqual([]);
});

test('imports are seen in each of their forms', () => {
  const text = `
    import './a.ts';
    import type { B } from './b.ts';
    import c, {
      d,
    } from "./c.ts";
    export * from './e.ts';
    const f = await import('./f.ts');
    const g = await import(/* @vite-ignore */ './g.ts');
    const h = createRequire(import.meta.url)('h');
    // import './no.ts' in a comment, and process.env too
    /* from './no.ts' */
    type I = import('./i.ts').I;`;
  expect(importsOf(withoutComments(text)).sort()).toEqual(
    ['a', 'b', 'c', 'e', 'f', 'g', 'i'].map((name) => `./${name}.ts`),
  );
  expect(withoutComments(text)).not.toContain('process.env');
  expect(importsIn('src/protocol/codec.ts')).toContain('msgpackr');
});

test('a wrong direction is told from a right one', () => {
  expect(isAllowed('src/feed', 'src/bus')).toBe(false);
  expect(isAllowed('src/bus', 'src/server')).toBe(false);
  expect(isAllowed('src/bus', 'src')).toBe(false);
  expect(isAllowed('feeds', 'src/bus')).toBe(false);
  expect(isAllowed('src/bus', 'src/bus')).toBe(true);
  expect(isAllowed('src/bus', 'src/protocol')).toBe(true);
  expect(isAllowed('src', 'feeds')).toBe(true);
});

function rooms(): string[] {
  return [...new Set(files.map(roomOf))];
}

function isFree(room: string): boolean {
  return freeRooms.includes(room);
}

function isAllowed(room: string, target: string): boolean {
  return isFree(room) || room === target || mayImport[room]?.includes(target) === true;
}

/** `src/bus/hub.ts` → `src/bus`, `feeds/stocks/index.ts` → `feeds`, `src/main.ts` → `src`. */
function roomOf(file: string): string {
  const [top = '', second = '', ...deeper] = file.split('/');
  return top === 'src' && deeper.length > 0 ? `src/${second}` : top;
}

function resolve(file: string, specifier: string): string {
  return relative(root, join(root, dirname(file), specifier));
}

function isOurs(specifier: string): boolean {
  return specifier.startsWith('.');
}

function packageOf(specifier: string): string {
  const [scope = '', name = ''] = specifier.split('/');
  return specifier.startsWith('@') ? `${scope}/${name}` : scope;
}

function importsIn(file: string): string[] {
  return importsOf(textOf(file));
}

function textOf(file: string): string {
  return withoutComments(readFileSync(join(root, file), 'utf8'));
}

function importsOf(text: string): string[] {
  const statements = text.matchAll(/(?:\bfrom\s*|\bimport\s*|\bimport\s*\(\s*|\brequire\s*\(\s*)(['"])([^'"\n]+)\1/g);
  return [...statements].map(([, , specifier = '']) => specifier);
}

/** Good enough for imports: a `//` inside a string takes the rest of its line along, which hides no import. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`])\/\/.*$/gm, '$1');
}

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(tsx?|mjs)$/.test(entry.name) && !entry.parentPath.includes('node_modules'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((file) => !file.includes('/dist/'))
    .sort();
}
