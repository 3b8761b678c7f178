/** Values filed under dotted names, found by walking segments: the cost follows the name's depth, not the number of names. */

type Node<T> = { children: Map<string, Node<T>>; values: Set<T> };

/** Filed under patterns it answers which of them select a topic; filed under topics, which of them a pattern selects. */
export class SegmentTrie<T> {
  readonly #root: Node<T> = emptyNode();

  add(name: string, value: T): void {
    let node = this.#root;
    for (const segment of name.split('.')) {
      const child: Node<T> = node.children.get(segment) ?? emptyNode();
      node.children.set(segment, child);
      node = child;
    }
    node.values.add(value);
  }

  /** Removing what is not there is harmless. */
  remove(name: string, value: T): void {
    removeFrom(this.#root, name.split('.'), 0, value);
  }

  /** What is filed under patterns that select this topic. */
  selecting(topic: string): T[] {
    const found: T[] = [];
    collectSelecting(this.#root, topic.split('.'), 0, found);
    return found;
  }

  /** What is filed under topics that this pattern selects. */
  selectedBy(pattern: string): T[] {
    const found: T[] = [];
    collectSelected(this.#root, pattern.split('.'), 0, found);
    return found;
  }
}

function emptyNode<T>(): Node<T> {
  return { children: new Map(), values: new Set() };
}

function removeFrom<T>(node: Node<T>, segments: readonly string[], depth: number, value: T): void {
  const segment = segments[depth];
  if (segment === undefined) {
    node.values.delete(value);
    return;
  }
  const child = node.children.get(segment);
  if (child === undefined) return;
  removeFrom(child, segments, depth + 1, value);
  if (child.values.size === 0 && child.children.size === 0) node.children.delete(segment);
}

function collectSelecting<T>(node: Node<T>, topic: readonly string[], depth: number, found: T[]): void {
  const segment = topic[depth];
  if (segment === undefined) {
    found.push(...node.values);
    return;
  }
  const rest = node.children.get('>');
  if (rest !== undefined) found.push(...rest.values);
  for (const wanted of [segment, '*']) {
    const child = node.children.get(wanted);
    if (child !== undefined) collectSelecting(child, topic, depth + 1, found);
  }
}

function collectSelected<T>(node: Node<T>, pattern: readonly string[], depth: number, found: T[]): void {
  const segment = pattern[depth];
  if (segment === undefined) {
    for (const value of node.values) found.push(value);
  } else if (segment === '>') {
    for (const child of node.children.values()) collectAll(child, found);
  } else if (segment === '*') {
    for (const child of node.children.values()) collectSelected(child, pattern, depth + 1, found);
  } else {
    const child = node.children.get(segment);
    if (child !== undefined) collectSelected(child, pattern, depth + 1, found);
  }
}

function collectAll<T>(node: Node<T>, found: T[]): void {
  for (const value of node.values) found.push(value);
  for (const child of node.children.values()) collectAll(child, found);
}
