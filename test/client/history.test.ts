import { afterEach, beforeEach, expect, test } from 'vitest';
import type { HistoryPage } from '../../src/client/index.ts';
import { Lab } from './lab.ts';

let lab: Lab;
beforeEach(async () => {
  lab = await Lab.open();
});
afterEach(() => lab.close());

test('a page is asked for as soon as there is a connection, and again when it breaks', async () => {
  const page = lab.client.history('a.b', { after: 3, limit: 2 });
  await lab.greeted();
  expect(await lab.connection.next('history')).toMatchObject({ topic: 'a.b', query: { after: 3, limit: 2 } });
  await lab.reconnected();
  const { id } = await lab.connection.next('history');
  lab.say({ op: 'ok', id, result: pageOf([4, 5], true) });
  expect(await page).toEqual(pageOf([4, 5], true));
});

test('a refusal rejects with its code, an answer that is no page and silence with their own', async () => {
  await lab.greeted();
  await lab.reached('open');
  const [refused, odd, silent] = [1, 2, 3].map((after) => lab.client.history('a.b', { after }).catch((why) => why));
  const { id } = await lab.connection.next('history');
  lab.say({ op: 'error', id, code: 117, retryable: false, message: 'a.b keeps no history' });
  expect(await refused).toMatchObject({
    reason: 'noHistory',
    code: 117,
    message: 'history of a.b: a.b keeps no history',
  });
  lab.say({ op: 'ok', id: (await lab.connection.next('history')).id, result: { seq: 1 } });
  expect(await odd).toMatchObject({ reason: 'unreadable' });
  await lab.connection.next('history');
  lab.time.pass(10_000);
  expect(await silent).toMatchObject({ reason: 'timeout' });
  expect(lab.heard('error')).toEqual([]);
});

test('what makes no sense never leaves, and a client that is closed rejects', async () => {
  await expect(lab.client.history('a.*')).rejects.toMatchObject({ reason: 'badRequest' });
  await expect(lab.client.history('a.b', { after: -1 })).rejects.toThrow('query.after');
  const held = lab.client.history('a.b').catch((why) => why);
  lab.client.close();
  expect(await held).toMatchObject({ reason: 'closed' });
  await expect(lab.client.history('a.b')).rejects.toMatchObject({ reason: 'closed' });
});

test.each([
  ['onwards', {}, [[1, 2], [3]], [{}, { epoch: 'e1', after: 2 }]],
  ['backwards', { reverse: true }, [[9, 8], [7]], [{ reverse: true }, { reverse: true, epoch: 'e1', before: 8 }]],
] as const)('all pages %s are of one life of the topic', async (_, query, pages, asked) => {
  await lab.greeted();
  await lab.reached('open');
  const seen: number[] = [];
  const reading = (async () => {
    for await (const { items } of lab.client.historyAll('a.b', query)) seen.push(...items.map(({ seq }) => seq));
  })();
  for (const [i, seqs] of pages.entries()) {
    const { id, query: wanted } = await lab.connection.next('history');
    expect(wanted).toEqual(asked[i]);
    lab.say({ op: 'ok', id, result: pageOf(seqs, i === 0) });
  }
  await reading;
  expect(seen).toEqual(pages.flat());
});

function pageOf(seqs: readonly number[], more: boolean): HistoryPage {
  return { topic: 'a.b', epoch: 'e1', first: 1, last: 9, items: seqs.map((seq) => ({ seq, ts: 0, data: seq })), more };
}
