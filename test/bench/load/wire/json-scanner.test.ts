import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JsonScanner } from '../../../../bench/load/wire/json-scanner.ts';
import { stampedText } from '../../../../bench/support/stamp.ts';
import { type ServerFrame, serverCodec } from '../../../../src/protocol/index.ts';
import { anyServerFrame } from '../../../support/any-frames.ts';
import { expected, scanned, type Told } from './scanned.ts';

const fields = ['body', 'a', 'b', 'c'].map((name) => ({ name, type: 'any' as const }));
const codec = serverCodec('json', (tid) => ({ name: `t.n${tid}`, schema: { id: 1, fields } }));
const origins = ['stamp', 'event'] as const;

test.each(origins)('whatever the server writes is told as it is decoded, times from the %s', (from) => {
  fc.assert(
    fc.property(fc.array(anyServerFrame.map(withPlainName), { maxLength: 8 }), fc.boolean(), (frames, isBatch) => {
      const scanner = new JsonScanner(from);
      const texts = frames.map(textOf);
      const told = isBatch
        ? scanned(scanner, Buffer.from(`[${texts.join(',')}]`))
        : texts.flatMap((text) => scanned(scanner, Buffer.from(text)));

      expect(numbered(told)).toEqual(numbered(expected(frames, from)));
    }),
  );
});

test('a message that is cut anywhere is refused', () => {
  const texts = [
    '{"op":"data","topic":"t.a","seq":12,"ts":5,"data":{"body":"a\\"}","list":[1,{"b":null}]}}',
    '[{"op":"mark","topic":"t.a","from":1,"to":2},{"op":"heartbeat","t":1}]',
  ];
  for (const text of texts) {
    for (let end = 0; end < text.length; end++) {
      expect(() => scanned(new JsonScanner('stamp'), Buffer.from(text.slice(0, end)))).toThrow(RangeError);
    }
  }
});

test('members may come in any order, with spaces between, and be unknown', () => {
  const text = ` [ { "ts" : 7 , "more" : [ "}" , { } ] , "seq" : 3 , "topic" : "t.a" , "op" : "data" , "data" : null } ] `;
  expect(scanned(new JsonScanner('event'), Buffer.from(text))).toEqual([['published', 1, 3, 7]]);
});

test.each([
  ['a field of the value', { body: stampedText(40)(123_456), more: { x: 1 } }, 123_456],
  ['the value itself', stampedText(16)(99), 99],
  ['shorter than a stamp', { body: '123' }, 0],
  ['no text', { body: 1234567890123456 }, 0],
  ['nothing', {}, 0],
])('the stamp is read where it is %s', (_, data, due) => {
  const text = JSON.stringify({ op: 'data', topic: 't.a', seq: 1, ts: 5, data });
  expect(scanned(new JsonScanner('stamp'), Buffer.from(text))).toEqual([['published', 1, 1, due]]);
});

test('the same topic on another stream is another one', () => {
  const frames = [undefined, 12, 13, undefined, 12].map((stream, seq) => ({ op: 'data', topic: 't.a', stream, seq }));
  const told = scanned(new JsonScanner('stamp'), Buffer.from(JSON.stringify(frames)));
  expect(told.map(([, tid]) => tid)).toEqual([1, 2, 3, 1, 2]);
});

test('texts of errors are decoded', () => {
  const text = '{"op":"error","id":null,"code":104,"retryable":false,"message":"no \\"x\\" \\u00e4 €"}';
  expect(scanned(new JsonScanner('stamp'), Buffer.from(text))).toEqual([['refused', undefined, 104, 'no "x" ä €']]);
});

/** TOPIC's name is that by which other frames name its tid, and no stream sets it apart from them. */
function withPlainName(frame: ServerFrame): ServerFrame {
  if (frame.op !== 'topic') return frame;
  const { stream, ...rest } = frame;
  return { ...rest, name: `t.n${frame.tid}` };
}

function textOf(frame: ServerFrame): string {
  return Buffer.from(codec.encode(frame)).toString();
}

/** Tids in the order in which they come first: JSON has none, so the scanner counts. */
function numbered(told: readonly Told[]): Told[] {
  const numbers = new Map<unknown, number>();
  return told.map(([what, tid, ...rest]) => {
    if (!topical.has(what)) return [what, tid, ...rest];
    if (!numbers.has(tid)) numbers.set(tid, numbers.size);
    return [what, numbers.get(tid), ...rest];
  });
}

const topical = new Set<unknown>(['named', 'positioned', 'published', 'skipped', 'missed']);
