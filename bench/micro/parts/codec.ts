/** Frames to bytes and back. */

import {
  type ClientFrame,
  decodeClientFrame,
  decodeServerFrames,
  type Encoding,
  encodeClientFrame,
  type ServerFrame,
  serverCodec,
} from '../../../src/protocol/index.ts';
import type { Operation, Part } from '../operation.ts';
import { quoteFrame, quoteRows, quoteTopic } from '../quote.ts';

const snapshotRows = 100;

export const codec: Part = {
  name: 'codec',
  make: () => ({
    operations: [
      encoding('DATA', quoteFrame, 'msgpack'),
      encoding('DATA', quoteFrame, 'json'),
      encoding('PATCH', patch, 'msgpack'),
      encoding(`SNAPSHOT of ${snapshotRows} rows`, snapshot, 'msgpack'),
      encoding(`SNAPSHOT of ${snapshotRows} rows`, snapshot, 'json'),
      decoding('DATA', quoteFrame),
      decoding('PATCH', patch),
      decoding(`SNAPSHOT of ${snapshotRows} rows`, snapshot),
      ...[subscribe, publish].flatMap(clientOperations),
    ],
  }),
};

const { tid, seq, ts } = quoteFrame;
const patch: ServerFrame = { op: 'patch', tid, seq, ts, base: seq - 1, changes: [0, 18_724, 4, 123_457] };
const snapshot: ServerFrame = { op: 'snapshot', tid, seq, ts, last: true, rows: quoteRows(snapshotRows) };
const subscribe: ClientFrame = {
  op: 'subscribe',
  id: 7,
  subscriptions: [{ sid: 1, pattern: 'market.sim.*.quote', maxRate: 10, fields: ['bid', 'ask'] }],
};
const publish: ClientFrame = {
  op: 'publish',
  id: 8,
  topic: 'notes.board',
  data: { author: 'ada', text: 'a short note' },
};

function encoding(what: string, frame: ServerFrame, form: Encoding): Operation {
  const { encode } = serverCodec(form, () => quoteTopic);
  return { name: `encode ${what}, ${form}`, run: () => encode(frame) };
}

function decoding(what: string, frame: ServerFrame): Operation {
  const bytes = Buffer.from(serverCodec('msgpack', () => quoteTopic).encode(frame));
  let seen: ServerFrame | undefined;
  const visit = (each: ServerFrame) => {
    seen = each;
  };
  return {
    name: `decode ${what}, msgpack`,
    run: () => {
      decodeServerFrames(bytes, visit);
      return seen;
    },
  };
}

function clientOperations(frame: ClientFrame): Operation[] {
  const what = frame.op.toUpperCase();
  const binary = Buffer.from(encodeClientFrame(frame));
  const json = Buffer.from(JSON.stringify(frame));
  return [
    { name: `encode ${what}, msgpack`, run: () => encodeClientFrame(frame) },
    { name: `decode ${what}, msgpack`, run: () => decodeClientFrame(binary, 'msgpack') },
    { name: `decode ${what}, json`, run: () => decodeClientFrame(json, 'json') },
  ];
}
