/**
 * A top-of-book quote on the wire: its bytes, and what the SDK pays to read it against JSON.parse of the same quote.
 *
 *   npm run bench:quote
 */

import { decodeServerFrames, fromPositions, type Schema, serverCodec } from '../src/protocol/index.ts';
import { formatSpread, spread } from './support/statistics.ts';

const quotes = 100_000;
const perMessage = 50; // as a turn's worth of quotes arrives: joined
const rounds = 9;

const schema: Schema = {
  id: 1,
  fields: [
    { name: 'bid', type: 'decimal', scale: 2 },
    { name: 'bidQty', type: 'int' },
    { name: 'ask', type: 'decimal', scale: 2 },
    { name: 'askQty', type: 'int' },
    { name: 'bookSeq', type: 'int' },
  ],
};
const topic = { name: 'market.sim.AAPL.quote', schema };
const values = [18_723, 300, 18_725, 200, 123_456];
const frame = { op: 'data', tid: 512, seq: 1_234_567, ts: 1_795_000_000_123_456, values } as const;
const binary = Buffer.from(serverCodec('msgpack', () => topic).encode(frame));
const json = Buffer.from(serverCodec('json', () => topic).encode(frame)).toString();
const message = Buffer.concat(Array.from({ length: perMessage }, () => binary));
let read = 0;

/** What the SDK does with DATA: every frame of a message, positions to named fields. */
function readBinary(): void {
  for (let i = 0; i < quotes; i += perMessage) {
    decodeServerFrames(message, (data) => {
      if (data.op !== 'data') return;
      const quote = fromPositions(schema, data.values) as { bid: number };
      read += quote.bid;
    });
  }
}

/** The same quotes as JSON objects, one a message. */
function readJson(): void {
  for (let i = 0; i < quotes; i++) read += JSON.parse(json).data.bid;
}

for (let i = 0; i < 3; i++) {
  readBinary();
  readJson();
}
const rows = { binary: [] as number[], json: [] as number[], ratio: [] as number[] };
for (let round = 0; round < rounds; round++) {
  const a = nanosecondsEach(readBinary);
  const b = nanosecondsEach(readJson);
  rows.binary.push(a);
  rows.json.push(b);
  rows.ratio.push(b / a);
}
console.log(`a quote as DATA: ${binary.length} bytes MessagePack, ${json.length} bytes JSON`);
console.log(`to read one, ns, median (min–max) of ${rounds} alternating rounds of ${quotes}`);
console.log(`  SDK, MessagePack to object: ${formatSpread(spread(rows.binary), 0)}`);
console.log(`  JSON.parse to object:       ${formatSpread(spread(rows.json), 0)}`);
console.log(`JSON ÷ SDK ${formatSpread(spread(rows.ratio))}`);
if (read === 0) throw new Error('nothing was read');

function nanosecondsEach(run: () => void): number {
  const startedAt = performance.now();
  run();
  return ((performance.now() - startedAt) / quotes) * 1e6;
}
