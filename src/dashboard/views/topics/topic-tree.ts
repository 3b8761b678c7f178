/** Names with dots as a tree, and the rows of it that are unfolded. */

import { matches } from '../../../client/index.ts';

export type Node = {
  readonly segment: string;
  /** From the root: `market.sim`. */
  readonly path: string;
  readonly depth: number;
  readonly children: Map<string, Node>;
  /** It is itself the name of a topic. */
  isTopic: boolean;
  /** Topics at and below it. */
  count: number;
};

export type Row = Pick<Node, 'segment' | 'path' | 'depth' | 'isTopic' | 'count'> & { readonly isFolder: boolean };

export function treeOf(names: readonly string[]): Node {
  const root: Node = { segment: '', path: '', depth: -1, children: new Map(), isTopic: false, count: 0 };
  for (const name of names) {
    let node = root;
    node.count++;
    for (const segment of name.split('.')) {
      node = childOf(node, segment);
      node.count++;
    }
    node.isTopic = true;
  }
  return root;
}

/** In the order of names; folders that are in `open` with what is in them. */
export function rowsOf(root: Node, open: ReadonlySet<string>): Row[] {
  const rows: Row[] = [];
  const visit = (node: Node) => {
    for (const child of [...node.children.values()].sort((a, b) => byName.compare(a.segment, b.segment))) {
      const { segment, path, depth, isTopic, count } = child;
      const isFolder = child.children.size > 0;
      rows.push({ segment, path, depth, isTopic, count, isFolder });
      if (isFolder && open.has(path)) visit(child);
    }
  };
  visit(root);
  return rows;
}

/** Topics that hold the text or, with wildcards in it, that the pattern selects: one row each. */
export function foundRows(names: readonly string[], text: string): Row[] {
  const isPattern = /[*>]/.test(text);
  const needle = text.toLowerCase();
  const found = names.filter((name) => (isPattern ? matches(text, name) : name.toLowerCase().includes(needle)));
  return found
    .sort(byName.compare)
    .map((path) => ({ segment: path, path, depth: 0, isTopic: true, count: 1, isFolder: false }));
}

const byName = new Intl.Collator(undefined, { numeric: true });

function childOf(parent: Node, segment: string): Node {
  const known = parent.children.get(segment);
  if (known !== undefined) return known;
  const path = parent.path === '' ? segment : `${parent.path}.${segment}`;
  const child: Node = { segment, path, depth: parent.depth + 1, children: new Map(), isTopic: false, count: 0 };
  parent.children.set(segment, child);
  return child;
}
