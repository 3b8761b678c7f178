import { expect, test } from 'vitest';
import { maxMessageBytes, OutboundBatch } from '../../src/bus/outbound-batch.ts';
import type { Encoding } from '../../src/protocol/index.ts';

test('MessagePack frames go back to back in one message', () => {
  const { batch, sent } = collect('msgpack');
  batch.add(Buffer.from('aa'));
  batch.add(Buffer.from('bb'));
  expect(sent).toEqual([]);
  batch.flush();
  batch.flush();
  expect(sent).toEqual(['aabb']);
});

test('JSON frames go one a message, or as an array where batches were asked for', () => {
  const plain = collect('json');
  const joined = collect('json-batch');
  for (const { batch } of [plain, joined]) {
    batch.add(Buffer.from('{"a":1}'));
    batch.add(Buffer.from('{"b":2}'));
    batch.flush();
  }
  expect(plain.sent).toEqual(['{"a":1}', '{"b":2}']);
  expect(joined.sent).toEqual(['[{"a":1},{"b":2}]']);
});

test('no message of joined frames grows past the limit, and a longer frame goes alone', () => {
  for (const encoding of ['msgpack', 'json-batch'] as const) {
    const { batch, sent } = collect(encoding);
    for (let i = 0; i < 100; i++) batch.add(Buffer.alloc(700, 'x'));
    batch.add(Buffer.alloc(maxMessageBytes * 3, 'y'));
    batch.add(Buffer.from('z'));
    batch.flush();
    expect(sent.filter((text) => text.includes('x')).every((text) => text.length <= maxMessageBytes)).toBe(true);
    expect(sent.join('').replace(/[[\],]/g, '')).toBe(`${'x'.repeat(70_000)}${'y'.repeat(maxMessageBytes * 3)}z`);
    expect(sent.find((text) => text.includes('y'))).not.toMatch(/[xz]/);
  }
});

function collect(encoding: Encoding) {
  const sent: string[] = [];
  return { sent, batch: new OutboundBatch(encoding, (message) => sent.push(Buffer.from(message).toString())) };
}
