/** A top-of-book quote, which most parts are measured with. */

import type { FrameOf, Schema, ServerFrame } from '../../src/protocol/index.ts';

export const quoteSchema: Schema = {
  id: 1,
  fields: [
    { name: 'bid', type: 'decimal', scale: 2 },
    { name: 'bidQty', type: 'int' },
    { name: 'ask', type: 'decimal', scale: 2 },
    { name: 'askQty', type: 'int' },
    { name: 'bookSeq', type: 'int' },
  ],
};
export const quoteTopic = { name: 'market.sim.AAPL.quote', schema: quoteSchema };
export const quoteValues: readonly unknown[] = [18_723, 300, 18_725, 200, 123_456];
export const quoteFrame: FrameOf<ServerFrame, 'data'> = {
  op: 'data',
  tid: 512,
  seq: 1_234_567,
  ts: 1_795_000_000_123_456,
  values: quoteValues,
};

/** Rows of an order book, each with a key of its own. */
export function quoteRows(count: number): [values: readonly unknown[], key: string][] {
  return Array.from({ length: count }, (_, i) => [[18_723 + i, 300, 18_725 + i, 200, i], `L${i}`]);
}
