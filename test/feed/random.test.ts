import { expect, test } from 'vitest';
import { createRng } from '../../src/feed/random.ts';

test('seed and name give the golden numbers', () => {
  const { u32 } = createRng('demo', 'market/AAPL');
  expect([u32(), u32(), u32(), u32()]).toEqual([1924891305, 1998580323, 110864083, 4266845447]);
});
