import { slug } from '../../src/feed/index.ts';

/** Segments for several names at once: two that would read the same are told apart by a number, in their order. */
export function slugs(names: Iterable<string>): Map<string, string> {
  const taken = new Set<string>();
  const byName = new Map<string, string>();
  for (const name of names) {
    const plain = name === '/' ? 'root' : slug(name);
    let segment = plain;
    for (let n = 2; taken.has(segment); n++) segment = `${plain}-${n}`;
    taken.add(segment);
    byName.set(name, segment);
  }
  return byName;
}
