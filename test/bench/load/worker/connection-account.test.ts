import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ConnectionAccount, noSums } from '../../../../bench/load/worker/connection-account.ts';
import { TopicLives } from '../../../../bench/load/worker/topic-lives.ts';

const nothing = noSums;

test('whatever becomes of each publication, the sums say it exactly', () => {
  const fate = fc.constantFrom('delivered', 'delivered twice', 'conflated', 'missed', 'lost');
  const topic = fc.record({ first: fc.nat(1000), fates: fc.array(fate, { maxLength: 40 }) });
  fc.assert(
    fc.property(fc.array(topic, { minLength: 1, maxLength: 12 }), (topics) => {
      const account = newAccount();
      topics.forEach(({ first }, i) => {
        account.named(i + 1, `t.n${i}`, 'e');
        account.positioned(i + 1, first);
      });
      for (const [tid, seq, fate] of inTurns(topics)) play(account, tid, seq, fate);

      const fates = topics.flatMap((topic) => topic.fates);
      const count = (...which: string[]) => fates.filter((fate) => which.includes(fate)).length;
      const last = Object.fromEntries(topics.map(({ first, fates }, i) => [`t.n${i}`, first + fates.length]));
      expect(account.sums((name) => last[name])).toMatchObject({
        delivered: count('delivered', 'delivered twice'),
        conflated: count('conflated'),
        missed: count('missed'),
        lost: count('lost'),
        duplicates: count('delivered twice'),
      });
    }),
  );
});

test('the first hole is told with its topic, and one at the end is a hole, too', () => {
  const account = joined(4);
  account.published(1, 7, 0);
  expect(account.sums(() => 9)).toEqual({ ...nothing, delivered: 1, lost: 4, firstLost: 't.a 5 to 6' });
  account.published(1, 8, 0);
  expect(joined(8).sums(() => 9)).toEqual({ ...nothing, lost: 1, firstLost: 't.a 9' });
});

test('a snapshot stands for what came before it, and one that is behind changes nothing', () => {
  const account = joined(4);
  account.positioned(1, 9);
  account.positioned(1, 6);
  account.published(1, 10, 0);
  expect(account.sums(() => 10)).toEqual({ ...nothing, delivered: 1, conflated: 5 });
});

test('marks and gaps that reach behind the position count for what is new only', () => {
  const account = joined(4);
  account.skipped(1, 3, 6);
  account.skipped(1, 4, 5);
  account.gone(1, 6, 8);
  account.gone(1, 10, 10);
  expect(account.sums(() => undefined)).toEqual({
    ...nothing,
    conflated: 2,
    missed: 3,
    lost: 1,
    firstLost: 't.a 9',
  });
});

test('a topic that was born later begins with its first publication', () => {
  const account = newAccount();
  account.named(1, 't.a', 'e');
  account.published(1, 1, 0);
  account.named(2, 't.b', 'e');
  account.published(2, 2, 0);
  expect(account.sums(() => undefined)).toMatchObject({ delivered: 2, lost: 1, firstLost: 't.b 1' });
});

test('after a cut it goes on where it was, by name, whatever the tids are then', () => {
  const account = newAccount();
  for (const [tid, topic] of [
    [1, 't.a'],
    [2, 't.b'],
    [3, 't.c'],
  ] as const) {
    account.named(tid, topic, 'e');
    account.positioned(tid, 10);
  }
  account.cut();
  expect(() => account.published(1, 11, 0)).toThrow('tid 1 was not announced by TOPIC');
  account.named(1, 't.c', 'e');
  account.named(2, 't.a', 'e');
  account.named(3, 't.new', 'e');
  account.positioned(1, 10);
  account.published(1, 11, 0);
  account.published(2, 10, 0);
  account.published(2, 13, 0);
  account.positioned(3, 70);
  expect([...account.holdings()].map(({ life, seq }) => [life.topic, seq])).toEqual([
    ['t.a', 13],
    ['t.b', 10],
    ['t.c', 11],
    ['t.new', 70],
  ]);
  expect(account.sums((topic) => (topic === 't.b' ? 12 : undefined))).toEqual({
    ...nothing,
    delivered: 2,
    lost: 4,
    duplicates: 1,
    firstLost: 't.a 11 to 12',
  });
});

test.each([1, 400])('another life of a topic begins anew and leaves no trace of the former, which was at %i', (seq) => {
  const account = joined(seq);
  account.cut();
  account.named(5, 't.a', 'another');
  account.positioned(5, 2);
  account.published(5, 3, 0);
  expect(account.sums(() => 3)).toEqual({ ...nothing, delivered: 1 });
});

test('who forgets is held to nothing until the next snapshot, and keeps the sums', () => {
  const account = joined(4);
  account.published(1, 5, 0);
  account.forget();
  expect(account.topics).toBe(0);
  expect(account.sums(() => 9)).toEqual({ ...nothing, delivered: 1 });
  account.named(1, 't.a', 'e');
  account.positioned(1, 9);
  expect(account.sums(() => 9)).toEqual({ ...nothing, delivered: 1 });
});

test('the newest publication of a topic is due when it says; one that does not say changes nothing', () => {
  const account = joined(4);
  expect(account.newestDue(0)).toBe(0);
  account.published(1, 5, 123);
  account.published(1, 6, 0);
  account.published(1, 6, 999);
  expect(account.newestDue(0)).toBe(123);
});

function newAccount(): ConnectionAccount {
  return new ConnectionAccount(new TopicLives());
}

/** One topic, `t.a`, with tid 1. */
function joined(seq: number): ConnectionAccount {
  const account = newAccount();
  account.named(1, 't.a', 'e');
  account.positioned(1, seq);
  return account;
}

type Fate = 'delivered' | 'delivered twice' | 'conflated' | 'missed' | 'lost';

/** Turn by turn, so that topics come between each other. */
function inTurns(topics: readonly { first: number; fates: readonly Fate[] }[]): [number, number, Fate][] {
  const all = topics.flatMap(({ first, fates }, i) =>
    fates.map((fate, k) => ({ k, what: [i + 1, first + k + 1, fate] as [number, number, Fate] })),
  );
  return all.sort((a, b) => a.k - b.k).map(({ what }) => what);
}

function play(account: ConnectionAccount, tid: number, seq: number, fate: Fate): void {
  if (fate === 'conflated') account.skipped(tid, seq, seq);
  else if (fate === 'missed') account.gone(tid, seq, seq);
  else if (fate !== 'lost') account.published(tid, seq, 0);
  if (fate === 'delivered twice') account.published(tid, seq, 0);
}
