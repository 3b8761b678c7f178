/** Joining encoded frames to messages. */

import { type Encoding, encodings, serverCodec } from '../../../src/protocol/index.ts';
import { OutboundBatch } from '../bus-parts.ts';
import type { Operation, Part } from '../operation.ts';
import { quoteFrame, quoteTopic } from '../quote.ts';

const perTurn = 10;

export const batch: Part = {
  name: 'batch',
  make: () => ({ operations: encodings.map(joining) }),
};

function joining(encoding: Encoding): Operation {
  const frame = Buffer.from(serverCodec(encoding, () => quoteTopic).encode(quoteFrame));
  let sentBytes = 0;
  const outbound = new OutboundBatch(encoding, (message) => {
    sentBytes += message.length;
  });
  const run = () => {
    for (let i = 0; i < perTurn; i++) outbound.add(frame);
    outbound.flush();
    return sentBytes;
  };
  return { name: `a frame of ${perTurn} a turn, ${encoding}`, run, perRun: perTurn };
}
