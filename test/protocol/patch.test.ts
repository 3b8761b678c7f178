import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyPatch, patchOf, serverCodec } from '../../src/protocol/index.ts';

const quote = [18723, 18725, 500, 300, 'XNAS', true, null, 1_767_225_600_000_000, 0.25, 'ACME', 7, 70_000, -5, 'open'];
const changed = (...changes: [position: number, value: unknown][]) => {
  const values = [...quote];
  for (const [position, value] of changes) values[position] = value as (typeof quote)[number];
  return values;
};

test('it names what changed, by position', () => {
  expect(patchOf(quote, changed([0, 18724]))).toEqual([0, 18724]);
  expect(patchOf(quote, changed([13, 'halted'], [2, null], [6, 1]))).toEqual([2, null, 6, 1, 13, 'halted']);
});

test('nothing changed is no changes', () => {
  expect(patchOf(quote, [...quote])).toEqual([]);
});

test.each<[string, unknown[], unknown[]]>([
  ['a single small number, changed', [1], [2]],
  ['a single small number, the same', [1], [1]],
  ['all of it', quote, quote.map(() => 'x')],
  ['all but what takes four bytes', ['a', 'abc', 1], ['b', 'abc', 2]],
  ['another number of positions', [...quote, 1], quote],
  ['nothing at all', [], []],
])('%s is sent whole', (_, before, after) => {
  expect(patchOf(before, after)).toBeUndefined();
});

test('six bytes spared are worth a patch', () => {
  expect(patchOf(['a', 'abcde', 1], ['b', 'abcde', 1])).toEqual([0, 'b']);
});

test('nested values are compared by what they hold', () => {
  const value = () => ({ list: [1, { deep: 'text' }], bytes: Uint8Array.of(1, 2), none: null });
  expect(patchOf([1, value()], [2, value()])).toEqual([0, 2]);
  const others = [
    { ...value(), list: [1, { deep: 'other' }] },
    { ...value(), list: [1] },
    { ...value(), bytes: Uint8Array.of(1, 3) },
    { ...value(), bytes: [1, 2] },
    { ...value(), none: undefined },
    { ...value(), more: 1 },
    { list: value().list, bytes: value().bytes, other: null },
    [value()],
    null,
  ];
  for (const other of others) expect(patchOf(['long enough', value()], ['long enough', other])).toEqual([1, other]);
});

test('a key is not held because every object has it', () => {
  const text = 'long enough';
  expect(patchOf([text, { a: 1 }], [text, { toString: Object.prototype.toString }])).toHaveLength(2);
});

test('what is too large to compare, or holds itself, counts as changed', () => {
  const large = () => Array.from({ length: 5000 }, (_, i) => i);
  expect(patchOf(['long enough', large()], ['long enough', large()])).toEqual([1, large()]);
  const bytes = () => new Uint8Array(100_000);
  expect(patchOf(['long enough', bytes()], ['long enough', bytes()])).toEqual([1, bytes()]);
  const endless = () => {
    const list: unknown[] = [];
    list.push(list);
    return list;
  };
  expect(patchOf(['long enough', endless()], ['long enough', endless()])).toHaveLength(2);
  expect(patchOf(['long enough', new Date(0)], ['long enough', new Date(0)])).toHaveLength(2);
});

test('both zeros and NaN come out as they went in', () => {
  expect(patchOf(['long enough', 0, Number.NaN], ['long enough', -0, Number.NaN])).toEqual([1, -0]);
  expect(applyPatch([0], [0, -0])).toEqual([-0]);
});

test('applying makes a new array', () => {
  const before = [1, 2, 3];
  expect(applyPatch(before, [1, 'x'])).toEqual([1, 'x', 3]);
  expect(applyPatch(before, [])).not.toBe(before);
  expect(before).toEqual([1, 2, 3]);
});

test('positions past the value are filled up with null', () => {
  expect(applyPatch([1], [3, 'x'])).toEqual([1, null, null, 'x']);
});

test.each<[string, unknown[]]>([
  ['changes must be pairs of a position and a value, got 1 entries', [0]],
  ['changes must be pairs of a position and a value, got 3 entries', [0, 1, 2]],
  ['changes[0] must be a whole number from 0 to 65535, got -1', [-1, 0]],
  ['changes[2] must be a whole number from 0 to 65535, got 65536', [0, 0, 65_536, 0]],
  ['changes[0] must be a whole number from 0 to 65535, got 4294967295', [2 ** 32 - 1, 0]],
  ['changes[0] must be a whole number from 0 to 65535, got 0.5', [0.5, 0]],
  ['changes[0] must be a whole number from 0 to 65535, got NaN', [Number.NaN, 0]],
  ['changes[0] must be a whole number from 0 to 65535, got string', ['0', 0]],
  ['changes[0] must be a whole number from 0 to 65535, got string', ['length', 0]],
  ['changes[0] must be a whole number from 0 to 65535, got object', [null, 0]],
  ['changes[0] must be a whole number from 0 to 65535, got object', [{ toString: () => '0' }, 0]],
])('%s', (message, changes) => {
  expect(() => applyPatch([1, 2, 3], changes)).toThrow(new RangeError(message));
});

const codec = serverCodec('msgpack', () => ({ name: 'a', schema: { id: 1, fields: [] } }));
const anyScalar = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.integer({ min: -200, max: 200 }),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.constantFrom('', 'open', 0, 1),
);
const anyValue = fc.oneof(
  { weight: 4, arbitrary: anyScalar },
  { weight: 1, arbitrary: fc.jsonValue() },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }) },
);
/** Some of the values again, as copies, and some others. */
const anyPair = fc
  .array(fc.tuple(anyValue, fc.option(anyValue, { freq: 2, nil: undefined })), { maxLength: 40 })
  .map((pairs) => ({
    before: pairs.map(([value]) => value),
    after: pairs.map(([value, other]) => structuredClone(other === undefined ? value : other)),
  }));

test('applied, it makes the one value of the other; and PATCH is not the longer frame', () => {
  let patches = 0;
  fc.assert(
    fc.property(anyPair, fc.integer({ min: 1, max: 65_535 }), ({ before, after }, base) => {
      const frame = { tid: -3, seq: base + 1, ts: 1_767_225_600_000_000 };
      const dataBytes = codec.encode({ op: 'data', ...frame, values: after }).length;
      const changes = patchOf(before, after);
      if (changes === undefined) return;
      patches++;
      expect(applyPatch(before, changes)).toEqual(after);
      expect(codec.encode({ op: 'patch', ...frame, base, changes }).length).toBeLessThan(dataBytes);
    }),
    { numRuns: 3000 },
  );
  expect(patches).toBeGreaterThan(500);
});

test.each([2, 8, 9, 15, 16, 17, 100, 300])(
  'of %i positions, all but a text changed, a patch is made from the byte on',
  (n) => {
    const frame = { tid: -3, seq: 1001, ts: 1_767_225_600_000_000 };
    for (let length = 0; length < 600; length++) {
      const filledWith = (value: number) => ['x'.repeat(length), ...Array<number>(n - 1).fill(value)];
      const [before, after] = [filledWith(0), filledWith(1)];
      const changes = after.slice(1).flatMap((value, i) => [i + 1, value]);
      const dataBytes = codec.encode({ op: 'data', ...frame, values: after }).length;
      const patchBytes = codec.encode({ op: 'patch', ...frame, base: 1000, changes }).length;
      expect(patchOf(before, after), `a text of ${length}`).toEqual(patchBytes < dataBytes ? changes : undefined);
    }
  },
);

test('it is taken wherever it spares bytes, as far as can be told without encoding', () => {
  const ascii = fc.oneof(fc.integer(), fc.string({ unit: 'grapheme-ascii', maxLength: 40 }), fc.constant(null));
  const anyPlainPair = fc.array(fc.tuple(ascii, fc.option(ascii, { freq: 2, nil: undefined })), { maxLength: 30 });
  fc.assert(
    fc.property(anyPlainPair, (pairs) => {
      const before = pairs.map(([value]) => value);
      const after = pairs.map(([value, other]) => (other === undefined ? value : other));
      const changes = after.flatMap((value, i) => (Object.is(before[i], value) ? [] : [i, value]));
      const frame = { tid: -3, seq: 1001, ts: 1_767_225_600_000_000 };
      const dataBytes = codec.encode({ op: 'data', ...frame, values: after }).length;
      const patchBytes = codec.encode({ op: 'patch', ...frame, base: 1000, changes }).length;
      expect(patchOf(before, after)).toEqual(patchBytes < dataBytes ? changes : undefined);
    }),
    { numRuns: 2000 },
  );
});
