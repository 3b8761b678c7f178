import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SegmentTrie } from '../../src/bus/segment-trie.ts';
import { matches } from '../../src/protocol/index.ts';

const segment = fc.constantFrom('a', 'b', 'c');
const topic = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join('.'));
const pattern = fc
  .tuple(fc.array(fc.oneof(segment, fc.constant('*')), { maxLength: 3 }), fc.constantFrom('', 'a', '*', '>'))
  .map(([head, last]) => [...head, ...(last === '' && head.length > 0 ? [] : [last || 'a'])].join('.'));

test('the patterns that select a topic are those that match it', () => {
  fc.assert(
    fc.property(fc.uniqueArray(pattern, { maxLength: 12 }), topic, (patterns, name) => {
      const trie = new SegmentTrie<string>();
      for (const text of patterns) trie.add(text, text);
      expect(trie.selecting(name).sort()).toEqual(patterns.filter((text) => matches(text, name)).sort());
    }),
  );
});

test('the topics that a pattern selects are those that match it', () => {
  fc.assert(
    fc.property(fc.uniqueArray(topic, { maxLength: 12 }), pattern, (topics, text) => {
      const trie = new SegmentTrie<string>();
      for (const name of topics) trie.add(name, name);
      expect(trie.selectedBy(text).sort()).toEqual(topics.filter((name) => matches(text, name)).sort());
    }),
  );
});

test('what is removed is not found, and what stays is', () => {
  fc.assert(
    fc.property(fc.uniqueArray(pattern, { minLength: 1, maxLength: 8 }), topic, (patterns, name) => {
      const trie = new SegmentTrie<string>();
      for (const text of patterns) trie.add(text, text);
      const [gone, ...left] = patterns;
      trie.remove(gone!, gone!);
      trie.remove(gone!, gone!);
      expect(trie.selecting(name).sort()).toEqual(left.filter((text) => matches(text, name)).sort());
    }),
  );
});
