/** One number for the state of a topic. */

import { stateChecksum } from '../../../src/protocol/index.ts';
import type { Operation, Part } from '../operation.ts';
import { quoteRows } from '../quote.ts';

export const checksum: Part = {
  name: 'checksum',
  make: (largest) => ({ operations: [1, 100, 1000].filter((rows) => rows <= largest).map(summing) }),
};

function summing(rows: number): Operation {
  const state = quoteRows(rows).map(([values, key]) => [key, values] as const);
  return { name: `of ${rows} ${rows === 1 ? 'row' : 'rows'}`, run: () => stateChecksum(state) };
}
