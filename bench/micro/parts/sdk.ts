/** What the client library does with a message: frames, positions to named fields, what it holds of a topic. */

import type { TopicInfo } from '../../../src/client/index.ts';
import { valueMessage } from '../../../src/client/message.ts';
import { Mirror, soleKey } from '../../../src/client/mirror.ts';
import { decodeServerFrames, fromPositions, type ServerFrame, serverCodec } from '../../../src/protocol/index.ts';
import type { Operation, Part } from '../operation.ts';
import { quoteFrame, quoteRows, quoteSchema, quoteTopic, quoteValues } from '../quote.ts';

const perMessage = 50; // as a turn's worth of quotes arrives: joined
const rows = 100;
const topic: TopicInfo = { ...quoteTopic, kind: 'latest', epoch: 'e1', maxSilenceMs: undefined };

export const sdk: Part = {
  name: 'sdk',
  make: () => ({
    operations: [
      { name: 'positions to named fields', run: () => fromPositions(quoteSchema, quoteValues) },
      receiving(1),
      receiving(perMessage),
      patching(),
      gathering(),
    ],
  }),
};

/** Bytes to the message that a listener is handed, and to what is held. */
function receiving(frames: number): Operation {
  const frame = Buffer.from(serverCodec('msgpack', () => quoteTopic).encode(quoteFrame));
  const bytes = Buffer.concat(Array.from({ length: frames }, () => frame));
  const mirror = new Mirror();
  let last: unknown;
  const visit = (each: ServerFrame) => {
    if (each.op !== 'data') return;
    mirror.set(soleKey, each.values);
    last = valueMessage(topic, each.seq, each.ts, each.key, each.values, false);
  };
  const run = () => {
    decodeServerFrames(bytes, visit);
    return last;
  };
  return { name: `bytes to message, DATA by ${frames}`, run, perRun: frames };
}

function patching(): Operation {
  const mirror = new Mirror();
  mirror.set(soleKey, quoteValues);
  return { name: 'apply a PATCH to what is held', run: () => mirror.patched(soleKey, [0, 18_724, 4, 123_457]) };
}

function gathering(): Operation {
  const mirror = new Mirror();
  const snapshot = quoteRows(rows);
  const run = () => {
    for (const [values, key] of snapshot) mirror.gather(key, values);
    return mirror.finish();
  };
  return { name: `take a snapshot of ${rows} rows`, run };
}
