/** Server-sent events: JSON text with names. */

import { type ServerFrame, serverCodec } from '../../../src/protocol/index.ts';
import { OutboundBatch } from '../bus-parts.ts';
import type { Operation, Part } from '../operation.ts';
import { quoteFrame, quoteRows, quoteTopic } from '../quote.ts';

const perTurn = 10;

export const sse: Part = {
  name: 'sse',
  make: () => ({
    operations: [writing('a value', quoteFrame), writing('a snapshot of 100 rows', snapshot), joining()],
  }),
};

const { tid, seq, ts } = quoteFrame;
const snapshot: ServerFrame = { op: 'snapshot', tid, seq, ts, last: true, rows: quoteRows(100) };
const { encode } = serverCodec('sse', () => quoteTopic);

function writing(what: string, frame: ServerFrame): Operation {
  return { name: `write ${what}`, run: () => encode(frame) };
}

function joining(): Operation {
  const outbound = new OutboundBatch('sse', () => {});
  const run = () => {
    for (let i = 0; i < perTurn; i++) outbound.add(encode(quoteFrame));
    outbound.flush();
  };
  return { name: `write and join, ${perTurn} a turn`, run, perRun: perTurn };
}
