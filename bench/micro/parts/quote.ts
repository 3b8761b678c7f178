/** A quote on the wire: its bytes, and what the client library pays to read it against JSON.parse of the same quote. */

import { decodeServerFrames, fromPositions, serverCodec } from '../../../src/protocol/index.ts';
import type { Operation, Part } from '../operation.ts';
import { quoteFrame, quoteSchema, quoteTopic } from '../quote.ts';

const perMessage = 50; // as a turn's worth of quotes arrives: joined

export const quote: Part = {
  name: 'quote',
  make() {
    const read = readBinary();
    const parse = readJson();
    return {
      operations: [read, parse],
      comparisons: [{ name: 'JSON.parse ÷ client library', dividend: parse, divisor: read }],
      facts: [`as DATA it takes ${binary.length} bytes of MessagePack, ${json.length} bytes of JSON`],
    };
  },
};

const binary = Buffer.from(serverCodec('msgpack', () => quoteTopic).encode(quoteFrame));
const json = Buffer.from(serverCodec('json', () => quoteTopic).encode(quoteFrame)).toString();

/** What the client library does with DATA: every frame of a message, positions to named fields. */
function readBinary(): Operation {
  const message = Buffer.concat(Array.from({ length: perMessage }, () => binary));
  const run = () => {
    let last: unknown;
    decodeServerFrames(message, (frame) => {
      if (frame.op === 'data') last = fromPositions(quoteSchema, frame.values);
    });
    return last;
  };
  return { name: 'client library, MessagePack to object', run, perRun: perMessage };
}

/** The same quotes as JSON objects, one a message. */
function readJson(): Operation {
  const run = () => {
    let last: unknown;
    for (let i = 0; i < perMessage; i++) last = JSON.parse(json).data;
    return last;
  };
  return { name: 'JSON.parse to object', run, perRun: perMessage };
}
