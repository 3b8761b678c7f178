import { expect, test } from 'vitest';
import { Inbox } from '../../src/client/inbox.ts';
import type { Message } from '../../src/client/message.ts';
import type { TopicKind } from '../../src/protocol/topic.ts';

function message(kind: TopicKind, topic: string, seq: number, key?: string): Message {
  const schema = { id: 1, fields: [] };
  return { type: 'value', topic, kind, seq, epoch: 'e', ts: 0, key, data: seq, isSnapshot: false, schema };
}

async function take(inbox: Inbox): Promise<string> {
  const { value } = await inbox.next();
  if (value === undefined) return 'done';
  const { topic, key, seq, skipped } = value;
  return [topic, key, seq, skipped !== undefined && `-${skipped}`].filter(Boolean).join(' ');
}

test('of a latest topic the newest waits, in its place by arrival, and says how many gave way', async () => {
  const inbox = new Inbox(10);
  for (const [topic, seq] of [
    ['a', 1],
    ['b', 1],
    ['a', 2],
    ['a', 3],
  ] as const)
    inbox.push(message('latest', topic, seq));
  expect([await take(inbox), await take(inbox)]).toEqual(['b 1', 'a 3 -2']);
  inbox.push(message('latest', 'a', 4));
  expect(await take(inbox)).toBe('a 4');
});

test('of a keyed topic the newest of each row waits', async () => {
  const inbox = new Inbox(10);
  inbox.push(message('keyed', 't', 1, 'x'));
  inbox.push(message('keyed', 't', 2, 'y'));
  inbox.push(message('keyed', 't', 3, 'x'));
  expect([await take(inbox), await take(inbox)]).toEqual(['t y 2', 't x 3 -1']);
});

test('of events the newest wait up to the bound, and each topic counts its own losses', async () => {
  const inbox = new Inbox(3);
  for (const [topic, seq] of [
    ['a', 1],
    ['b', 1],
    ['a', 2],
    ['b', 2],
    ['b', 3],
  ] as const) {
    inbox.push(message('event', topic, seq));
  }
  inbox.push(message('latest', 'l', 1));
  expect([await take(inbox), await take(inbox), await take(inbox), await take(inbox)]).toEqual([
    'a 2 -1',
    'b 2 -1',
    'b 3',
    'l 1',
  ]);
});

test('takers that wait are served in turn, each message to one', async () => {
  const inbox = new Inbox(3);
  const taken = Promise.all([take(inbox), take(inbox)]);
  inbox.push(message('latest', 'a', 1));
  inbox.push(message('latest', 'a', 2));
  expect(await taken).toEqual(['a 1', 'a 2']);
});

test('after the end what waits may still be taken, then it is done', async () => {
  const inbox = new Inbox(3);
  inbox.push(message('event', 'a', 1));
  inbox.end();
  inbox.push(message('event', 'a', 2));
  expect([await take(inbox), await take(inbox), await take(inbox)]).toEqual(['a 1', 'done', 'done']);
});

test('a fault at the end reaches the first who waits, and the others are done', async () => {
  const inbox = new Inbox(3);
  const waiting = Promise.allSettled([take(inbox), take(inbox)]);
  inbox.end(new Error('refused'));
  expect(await waiting).toMatchObject([{ reason: { message: 'refused' } }, { value: 'done' }]);
  expect(await take(inbox)).toBe('done');
});

test('a fault that nobody waited for is told once', async () => {
  const inbox = new Inbox(3);
  inbox.end(new Error('refused'));
  await expect(take(inbox)).rejects.toThrow('refused');
  expect(await take(inbox)).toBe('done');
});
