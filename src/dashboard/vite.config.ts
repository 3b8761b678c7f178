import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import { defineConfig, type Plugin } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  base: './', // also right behind a proxy that serves the page under a path
  plugins: [landOutline()],
  build: {
    outDir: '../../dist/dashboard',
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    target: 'es2022',
    rolldownOptions: {
      // Beside the page the client library by itself, for pages of other people: GET /client.js.
      input: {
        index: join(import.meta.dirname, 'index.html'),
        client: join(import.meta.dirname, '../client/index.ts'),
      },
      preserveEntrySignatures: 'strict',
      output: {
        entryFileNames: ({ name }) => (name === 'client' ? 'client.js' : 'assets/[name]-[hash].js'),
      },
    },
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  // The usual build makes code from text, which the page's content security policy forbids.
  resolve: { alias: [{ find: /^msgpackr$/, replacement: 'msgpackr/index-no-eval' }] },
});

/** `virtual:land`: the world's land as one SVG path, x = 4 longitude, y = -4 latitude, from the public-domain Natural Earth data. */
function landOutline(): Plugin {
  const id = 'virtual:land';
  return {
    name: 'land-outline',
    resolveId: (wanted) => (wanted === id ? `\0${id}` : undefined),
    load: (wanted) => (wanted === `\0${id}` ? `export const land = ${JSON.stringify(landPath())};` : undefined),
  };
}

function landPath(): string {
  const entry = createRequire(import.meta.url).resolve('vega-datasets'); // in its folder build
  const world = JSON.parse(readFileSync(join(entry, '../../data/world-110m.json'), 'utf8')) as Topology<{
    land: GeometryCollection;
  }>;
  const land = feature(world, world.objects.land);
  const shapes = 'features' in land ? land.features : [land];
  return shapes
    .flatMap(({ geometry }) => (geometry.type === 'MultiPolygon' ? geometry.coordinates : []))
    .flatMap((rings) => rings.map(ringPath))
    .join('');
}

/** In whole quarters of a degree, each point relative to the one before: a third of the bytes, and no eye sees it. */
function ringPath(ring: readonly (readonly number[])[]): string {
  const points = ring.map(([lon = 0, lat = 0]) => [Math.round(lon * 4), Math.round(-lat * 4)] as const);
  const [[x0, y0] = [0, 0], ...rest] = points;
  let [x, y, path] = [x0, y0, ''];
  for (const [toX, toY] of rest) {
    if (toX === x && toY === y) continue;
    path += `${path === '' ? '' : ' '}${toX - x} ${toY - y}`;
    [x, y] = [toX, toY];
  }
  return path === '' ? '' : `M${x0} ${y0}l${path.replaceAll(' -', '-')}z`;
}
