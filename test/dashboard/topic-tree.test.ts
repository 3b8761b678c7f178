import { expect, test } from 'vitest';
import { foundRows, rowsOf, treeOf } from '../../src/dashboard/views/topics/topic-tree.ts';

const names = ['market.sim.AAPL.quote', 'market.sim.AAPL', 'market.sim.10', 'market.sim.9', 'host.vm.cpu'];

test('names with dots are a tree: unfolded where it is open, in the order of names, numbers as numbers', () => {
  const tree = treeOf(names);
  expect(tree.count).toBe(5);
  const shown = (open: string[]) => rowsOf(tree, new Set(open)).map(({ path, count }) => `${path} ${count}`);
  expect(shown([])).toEqual(['host 1', 'market 4']);
  expect(shown(['market', 'market.sim'])).toEqual([
    'host 1',
    'market 4',
    'market.sim 4',
    'market.sim.9 1',
    'market.sim.10 1',
    'market.sim.AAPL 2',
  ]);
});

test('a name may be a topic and a folder at once', () => {
  const rows = rowsOf(treeOf(names), new Set(['market', 'market.sim']));
  expect(rows.find(({ path }) => path === 'market.sim.AAPL')).toMatchObject({ isTopic: true, isFolder: true });
});

test('a search finds by text in any case, or by a pattern', () => {
  expect(foundRows(names, 'aapl').map(({ path }) => path)).toEqual(['market.sim.AAPL', 'market.sim.AAPL.quote']);
  expect(foundRows(names, 'market.*.AAPL.>').map(({ path }) => path)).toEqual(['market.sim.AAPL.quote']);
  expect(foundRows(names, 'nothing')).toEqual([]);
});
