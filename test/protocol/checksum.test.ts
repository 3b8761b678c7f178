import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeServerFrames, serverCodec, stateChecksum } from '../../src/protocol/index.ts';
import { anyServerFrame } from '../support/any-frames.ts';

type Row = readonly [key: string, values: readonly unknown[]];

test.each<[string, Row[], string]>([
  ['nothing', [], ''],
  ['a single value', [['', [18723, 18725, null]]], '["",[18723,18725,null]]\n'],
  [
    'rows, by their keys',
    [
      ['bob', [true]],
      ['ada', [false]],
    ],
    '["ada",[false]]\n["bob",[true]]\n',
  ],
  [
    'keys by UTF-16 units, where another order would be by code points',
    [
      ['\uff21', [1]],
      ['😀', [2]],
      ['a', [3]],
      ['B', [4]],
      ['aa', [5]],
    ],
    '["B",[4]]\n["a",[3]]\n["aa",[5]]\n["😀",[2]]\n["\uff21",[1]]\n',
  ],
  [
    'maps by their keys, however deep',
    [['k', [{ b: [{ z: 1, a: 2 }], a: {}, 10: 1, 9: 1 }]]],
    '["k",[{"10":1,"9":1,"a":{},"b":[{"a":2,"z":1}]}]]\n',
  ],
  ['numbers as JavaScript writes them', [['', [1e21, 1e-7, -0, 0.1, 5]]], '["",[1e+21,1e-7,0,0.1,5]]\n'],
  ['what text has to escape', [['"\\\n', ['\u0001\u2028é/']]], '["\\"\\\\\\n",["\\u0001\u2028é/"]]\n'],
  ['bytes as a list', [['', [Uint8Array.of(0, 255), Buffer.from([7]), []]]], '["",[[0,255],[7],[]]]\n'],
])('%s', (_, rows, text) => {
  expect(stateChecksum(rows)).toEqual({ crc: crc32(text), rows: rows.length });
});

const rows = fc.uniqueArray(fc.tuple(fc.string({ unit: 'grapheme', maxLength: 4 }), fc.array(fc.jsonValue())), {
  selector: ([key]) => key,
  maxLength: 8,
});

test('it is the same for the same rows in any order', () => {
  fc.assert(
    fc.property(
      rows.chain((given) => fc.tuple(fc.constant(given), shuffled(given))),
      ([one, other]) => {
        expect(stateChecksum(other)).toEqual(stateChecksum(one));
      },
    ),
  );
});

test('one row more, less or other makes it another', () => {
  const state: Row[] = [
    ['a', [1, 'x']],
    ['b', [2, 'x']],
  ];
  const others: Row[][] = [
    [state[0]!],
    [...state, ['c', []]],
    [state[0]!, ['b', [2, 'y']]],
    [state[0]!, ['c', [2, 'x']]],
  ];
  const sums = [state, ...others].map((given) => stateChecksum(given).crc);
  expect(new Set(sums).size).toBe(sums.length);
});

test('both ends of the wire have the same, whatever the values are', () => {
  const codec = serverCodec('msgpack', () => ({ name: 'a', schema: { id: 1, fields: [] } }));
  fc.assert(
    fc.property(anyServerFrame, fc.uint8Array(), (frame, bytes) => {
      if (frame.op !== 'data') return;
      const sent = { ...frame, values: [...frame.values, bytes] };
      decodeServerFrames(codec.encode(sent), (seen) => {
        expect(seen.op === 'data' && stateChecksum([['', seen.values]])).toEqual(stateChecksum([['', sent.values]]));
      });
    }),
    { numRuns: 2000 },
  );
});

function shuffled(given: Row[]): fc.Arbitrary<Row[]> {
  return fc.shuffledSubarray(given, { minLength: given.length });
}
