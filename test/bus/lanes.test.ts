import { expect, test } from 'vitest';
import { Fates } from '../../src/bus/fates.ts';
import { Lanes } from '../../src/bus/lanes.ts';
import { PlainStream } from '../../src/bus/plain-stream.ts';
import { type Encoding, serverCodec } from '../../src/protocol/index.ts';

test('streams of one encoding share a lane', () => {
  const lanes = new Lanes();
  const [a, b, c] = [stream('msgpack'), stream('json'), stream('msgpack')];
  for (const each of [a, b, c]) lanes.add(each);
  expect([...lanes]).toEqual([[a, c], [b]]);
});

test('a lane that lost its last stream is gone, and removing twice is harmless', () => {
  const lanes = new Lanes();
  const [a, b] = [stream('msgpack'), stream('json')];
  lanes.add(a);
  lanes.add(b);
  lanes.remove(a);
  lanes.remove(a);
  expect([...lanes]).toEqual([[b]]);
  lanes.remove(b);
  expect(lanes.isEmpty).toBe(true);
});

function stream(encoding: Encoding): PlainStream {
  const codec = serverCodec(encoding, () => ({ name: 'a', schema: { id: 1, fields: [] } }));
  return new PlainStream({
    key: 'a',
    channel: 's1',
    patterns: ['a'],
    view: { encoding },
    codec,
    send: () => {},
    fates: new Fates(),
  });
}
