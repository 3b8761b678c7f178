import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StrideReader } from '../../../bench/peers/stride-reader.ts';
import { stampedText } from '../../../bench/support/stamp.ts';

const head = 'MSG bench 1 32\r\n';
const shape = { recordBytes: head.length + 32 + 2, stampAt: head.length };

test('every stamp is read once, wherever the bytes are cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(1e15), { maxLength: 20 }),
      fc.array(fc.integer({ min: 1, max: 90 }), { maxLength: 40 }),
      (stamps, cuts) => {
        const bytes = Buffer.from(stamps.map((stamp) => `${head}${stampedText(32)(stamp)}\r\n`).join(''));
        const reader = new StrideReader(shape);
        const seen: number[] = [];
        let counted = 0;
        for (const piece of pieces(bytes, cuts)) counted += reader.read(piece, (micros) => seen.push(micros));
        expect(seen).toEqual(stamps);
        expect(counted).toBe(stamps.length);
      },
    ),
  );
});

test('bytes that are no stamp where one must be are an error that shows them', () => {
  const reader = new StrideReader({ recordBytes: 32, stampAt: 0 });
  expect(() => reader.read(Buffer.from('what is this that came in here?!'), () => {})).toThrow('what is this');
});

/** The bytes cut into pieces of these sizes, and the rest. */
function pieces(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const cut: Buffer[] = [];
  let at = 0;
  for (const size of sizes) {
    if (at >= bytes.length) return cut;
    cut.push(bytes.subarray(at, at + size));
    at += size;
  }
  return at < bytes.length ? [...cut, bytes.subarray(at)] : cut;
}
