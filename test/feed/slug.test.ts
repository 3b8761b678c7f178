import { expect, test } from 'vitest';
import { slug } from '../../src/feed/slug.ts';

test('any text becomes one topic segment, never empty', () => {
  expect(slug('New York')).toBe('New-York');
  expect(slug('a.b/c_d-e')).toBe('a-b-c_d-e');
  expect(slug('...')).toBe('unnamed');
  expect(slug('x'.repeat(100))).toHaveLength(64);
});
