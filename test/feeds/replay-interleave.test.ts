import { expect, test } from 'vitest';
import { interleave } from '../../feeds/replay/interleave.ts';

type Item = { due: number; name: string };

test('items come when they are due, those due together in the order of their sources', async () => {
  const clock = jumpClock();
  const seen: [string, number][] = [];
  const sources = [items('a', [1000, 3000, 3000]), items('b', [2000, 3000, 9000])];
  for await (const { name } of interleave(sources, clock)) seen.push([name, clock.now()]);
  expect(seen).toEqual([
    ['a1000', 1000],
    ['b2000', 2000],
    ['a3000', 3000],
    ['a3000', 3000],
    ['b3000', 3000],
    ['b9000', 9000],
  ]);
});

test('no source is read more than one item ahead of the reader', async () => {
  let made = 0;
  const source = async function* () {
    for (;;) yield { due: 0, name: `${made++}` };
  };
  const reader = interleave([source()], jumpClock());
  for (let i = 0; i < 5; i++) await reader.next();
  await turns(20);
  expect(made).toBeLessThanOrEqual(6);
  await reader.return(undefined);
  await turns(20);
  expect(made).toBeLessThanOrEqual(6);
});

test('every source is let go of when the reader stops', async () => {
  const closed: string[] = [];
  const source = async function* (name: string) {
    try {
      for (let due = 0; ; due++) yield { due, name };
    } finally {
      closed.push(name);
    }
  };
  const reader = interleave([source('a'), source('b')], jumpClock());
  await reader.next();
  await reader.return(undefined);
  await turns(5);
  expect(closed.toSorted()).toEqual(['a', 'b']);
});

test('a source that hangs holds the others up once and no more', { timeout: 10_000 }, async () => {
  const never = async function* (): AsyncGenerator<Item> {
    await new Promise(() => {});
  };
  const reader = interleave([never(), items('a', [1, 2, 3, 4])], jumpClock());
  await reader.next();
  const start = performance.now();
  for (let i = 0; i < 3; i++) await reader.next();
  expect(performance.now() - start).toBeLessThan(1000);
  void reader.return(undefined);
});

test('a failure of one source comes out', async () => {
  const bad = async function* (): AsyncGenerator<Item> {
    yield { due: 0, name: 'x' };
    throw new RangeError('broken');
  };
  const reader = interleave([bad(), items('a', [5_000])], jumpClock());
  await reader.next();
  await expect(reader.next()).rejects.toThrow('broken');
});

test('a stop ends the wait for the next item', async () => {
  const clock = { now: () => 0, sleep: () => Promise.reject(new Error('stopped')) };
  await expect(interleave([items('a', [5000])], clock).next()).rejects.toThrow('stopped');
});

async function* items(name: string, dues: number[]): AsyncGenerator<Item> {
  for (const due of dues) yield { due, name: `${name}${due}` };
}

/** Time that is as late as somebody slept. */
function jumpClock() {
  let now = 0;
  return {
    now: () => now,
    sleep: async (ms: number) => {
      const due = now + ms * 1000;
      await turns(1);
      now = Math.max(now, due);
    },
  };
}

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise(setImmediate);
}
