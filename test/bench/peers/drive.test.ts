import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Credit, openCreditLine } from '../../../bench/peers/credit.ts';
import { drive } from '../../../bench/peers/drive.ts';
import { readStamp } from '../../../bench/support/stamp.ts';

test('never are more under way than the window takes, and the last ones leave though nobody asks', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 }), async (size, lag) => {
      const { credit, tell } = await creditPair();
      let published = 0;
      let most = 0;
      const publish = (payloads: readonly string[]) => {
        expect(payloads).toHaveLength(1);
        published++;
        most = Math.max(most, published - credit.received);
        if (published % Math.min(lag, size) === 0) tell(published);
      };
      const driven = await drive({ by: 'window', size, payloadBytes: 32, forMs: 5 }, publish, credit);
      expect(driven.published).toBe(published);
      expect(published).toBeGreaterThan(0);
      expect(most).toBeLessThanOrEqual(size);
    }),
    { numRuns: 20 },
  );
});

test('a turn waits for the one before it to arrive', async () => {
  const { credit, tell } = await creditPair();
  const turns: number[] = [];
  let arrived = 0;
  const publish = (payloads: readonly string[]) => {
    expect(credit.received).toBe(arrived);
    turns.push(payloads.length);
    arrived += payloads.length;
    setTimeout(tell, 3, arrived); // later than the beat
  };
  await drive({ by: 'turns', perTurn: 4, beatMs: 1, payloadBytes: 128, forMs: 30 }, publish, credit);
  expect(turns.length).toBeGreaterThan(1);
  expect(new Set(turns)).toEqual(new Set([4]));
});

test('by the clock each message carries the time at which it was due, though it leaves late', async () => {
  const { credit } = await creditPair();
  const dues: number[] = [];
  const publish = ([payload = '']: readonly string[]) => {
    expect(payload).toHaveLength(64);
    dues.push(readStamp(Buffer.from(payload)) ?? Number.NaN);
    const until = performance.now() + 3;
    while (dues.length === 2 && performance.now() < until);
  };
  const { published, startedMicros } = await drive(
    { by: 'clock', perSec: 1000, payloadBytes: 64, forMs: 10 },
    publish,
    credit,
  );
  expect(published).toBe(10);
  expect(dues).toEqual(Array.from({ length: 10 }, (_, i) => startedMicros + i * 1000));
});

async function creditPair() {
  const credit = await Credit.open();
  return { credit, tell: await openCreditLine(credit.port) };
}
