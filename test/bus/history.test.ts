import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type HistoryLimits, type HistoryLog, HistoryStore } from '../../src/bus/history.ts';
import type { Publication, Topic } from '../../src/bus/index.ts';
import { estimateBytes } from '../../src/bus/publication-bytes.ts';

const topic: Topic = { tid: 1, name: 'a', epoch: 'e', kind: 'event', schema: { id: 1, fields: [] } };
const unlimited: HistoryLimits = { maxCount: 1e9, maxBytes: 1e9, maxAgeMs: 1e9 };
const size = estimateBytes(publication(1));

describe('one history', () => {
  test('keeps the newest, by count', () => {
    const log = open({ maxCount: 3 });
    fill(log, 5);
    expect(seqs(log.from(0))).toEqual([3, 4, 5]);
    expect([log.length, log.firstSeq, log.lastSeq]).toEqual([3, 3, 5]);
    expect(log.at(3)?.ts).toBe(30);
    expect([log.at(2), log.at(6)]).toEqual([undefined, undefined]);
    expect(seqs(log.from(5))).toEqual([5]);
    expect(seqs(log.from(6))).toEqual([]);
  });

  test('keeps the newest, by bytes; one that is too large for all is not kept at all', () => {
    const log = open({ maxBytes: 3 * size + 1 });
    fill(log, 5);
    expect(seqs(log.from(0))).toEqual([3, 4, 5]);
    log.append({ ...publication(6), values: ['x'.repeat(2 * size)] });
    expect([log.length, log.firstSeq, log.lastSeq, log.bytes]).toEqual([0, 0, 6, 0]);
    log.append(publication(7));
    expect(seqs(log.from(0))).toEqual([7]);
  });

  test('drops what is too old at a sweep', () => {
    let nowMs = 1000;
    const store = new HistoryStore(1e9, () => nowMs);
    const log = store.open({ ...unlimited, maxAgeMs: 5000 });
    log.append(publication(1));
    nowMs = 2000;
    store.sweep();
    log.append(publication(2));
    nowMs = 5999;
    store.sweep();
    expect(log.length).toBe(2);
    nowMs = 6000;
    store.sweep();
    expect(seqs(log.from(0))).toEqual([2]);
    expect(store.bytes).toBe(size);
    nowMs = 7000;
    store.sweep();
    expect([log.length, log.firstSeq, log.lastSeq, store.bytes]).toEqual([0, 0, 2, 0]);
  });

  test('stays whole while it grows long and shrinks again', () => {
    let nowMs = 0;
    const store = new HistoryStore(1e9, () => nowMs);
    const log = store.open({ ...unlimited, maxAgeMs: 1000 });
    for (nowMs = 1; nowMs <= 700; nowMs++) {
      store.sweep();
      log.append(publication(nowMs));
    }
    for (nowMs = 1001; nowMs <= 1700; nowMs += 7) {
      store.sweep();
      const kept = Array.from({ length: 1700 - nowMs }, (_, i) => nowMs - 999 + i);
      expect(seqs(log.from(0))).toEqual(kept);
    }
  });

  test('begins anew with a publication that does not follow', () => {
    const log = open();
    for (const seq of [4, 5, 9, 10]) log.append(publication(seq));
    expect(seqs(log.from(0))).toEqual([9, 10]);
  });

  test('finds the first publication of a time, though event times are out of order', () => {
    const log = open();
    for (const [i, ts] of [50, 10, 70, 60].entries()) log.append({ ...publication(i + 1), ts });
    expect([0, 51, 70, 71].map((ts) => log.firstSeqSince(ts))).toEqual([1, 3, 3, 5]);
    expect(open().firstSeqSince(1)).toBe(1);
  });
});

describe('pages', () => {
  const cap = { limit: 1000, bytes: 1e9 };

  test('go on from the last item of the one before, in both directions', () => {
    const log = open({ maxCount: 7 });
    fill(log, 10);
    const first = log.page({ limit: 3 }, cap);
    expect([seqs(first.items), first.more]).toEqual([[4, 5, 6], true]);
    const rest = log.page({ after: 6, limit: 4 }, cap);
    expect([seqs(rest.items), rest.more]).toEqual([[7, 8, 9, 10], false]);
    const newest = log.page({ limit: 3, reverse: true }, cap);
    expect([seqs(newest.items), newest.more]).toEqual([[10, 9, 8], true]);
    const oldest = log.page({ before: 8, reverse: true }, cap);
    expect([seqs(oldest.items), oldest.more]).toEqual([[7, 6, 5, 4], false]);
  });

  test('hold 100 where nothing is asked, and never more than the cap', () => {
    const log = open();
    fill(log, 2000);
    expect(log.page({}, cap).items).toHaveLength(100);
    expect(log.page({ limit: 1500 }, cap)).toMatchObject({ items: { length: 1000 }, more: true });
  });

  test('hold no more bytes than the cap, and one publication at least', () => {
    const log = open();
    fill(log, 5);
    expect(seqs(log.page({}, { limit: 10, bytes: 2 * size }).items)).toEqual([1, 2]);
    expect(log.page({}, { limit: 10, bytes: 1 })).toMatchObject({ items: [{ seq: 1 }], more: true });
    expect(log.page({ after: 4 }, { limit: 10, bytes: 1 })).toMatchObject({ items: [{ seq: 5 }], more: false });
  });

  test('hold nothing older than what was asked', () => {
    const log = open();
    fill(log, 5);
    expect(log.page({ since: 30 }, cap)).toMatchObject({ items: [{ seq: 3 }, { seq: 4 }, { seq: 5 }], more: false });
    expect(log.page({ since: 30, reverse: true, limit: 3 }, cap).more).toBe(false);
    expect(log.page({ since: 51 }, cap)).toEqual({ items: [], more: false });
    expect(log.page({ after: 77 }, cap)).toEqual({ items: [], more: false });
    expect(open().page({}, cap)).toEqual({ items: [], more: false });
  });
});

describe('all histories together', () => {
  test('the largest gives way, though another one grows', () => {
    const store = new HistoryStore(10 * size);
    const [large, small] = [store.open(unlimited), store.open(unlimited)];
    fill(large, 8);
    fill(small, 4);
    expect([large.length, small.length]).toEqual([6, 4]);
    expect(large.firstSeq).toBe(3);
    expect(store.bytes).toBe(10 * size);
  });

  test('whatever is appended and however time goes on, all is as a plain list says', () => {
    const step = fc.oneof(
      { weight: 8, arbitrary: fc.record({ what: fc.constant('append'), log: fc.nat(7), n: fc.nat(300) }) },
      { weight: 1, arbitrary: fc.record({ what: fc.constant('sweep'), log: fc.constant(0), n: fc.nat(2000) }) },
    );
    const limits = fc.record({
      maxCount: fc.integer({ min: 0, max: 40 }),
      maxBytes: fc.integer({ min: 1, max: 100 * size }),
      maxAgeMs: fc.integer({ min: 1, max: 20_000 }),
    });
    const total = fc.integer({ min: 0, max: 150 * size });
    const eight = fc.array(limits, { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(fc.array(step, { minLength: 100, maxLength: 300 }), eight, total, (steps, each, total) => {
        let nowMs = 0;
        const store = new HistoryStore(total, () => nowMs);
        const logs = each.map((one) => store.open(one));
        const model = each.map((one) => ({ limits: one, kept: [] as Kept[], last: 0 }));
        for (const { what, log: i, n } of steps) {
          if (what === 'append') {
            const one = { ...publication(model[i]!.last + 1), values: ['x'.repeat(n)] };
            logs[i]!.append(one);
            appendTo(model[i]!, one, nowMs);
            shrink(model, total, logs);
          } else {
            nowMs += n;
            store.sweep();
            for (const { kept, limits } of model)
              while (kept.length > 0 && kept[0]!.at <= nowMs - limits.maxAgeMs) kept.shift();
          }
        }
        expect(logs.map((log) => seqs(log.from(0)))).toEqual(model.map(({ kept }) => kept.map(({ seq }) => seq)));
        expect(logs.map(({ bytes }) => bytes)).toEqual(model.map(({ kept }) => bytesOf(kept)));
        expect(store.bytes).toBe(model.reduce((sum, { kept }) => sum + bytesOf(kept), 0));
        expect(store.bytes).toBeLessThanOrEqual(total);
        for (const [i, log] of logs.entries()) {
          expect(log.lastSeq).toBe(model[i]!.last);
          expect(log.length).toBe(model[i]!.kept.length);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('what a publication is estimated to take', () => {
  test('grows with everything in it', () => {
    const of = (...values: unknown[]) => estimateBytes({ ...publication(1), values });
    const growing = [of(), of(1), of(1, 2), of(1, 2.5), of(1, 2.5, 'text'), of(1, 2.5, 'longer text')];
    expect(growing).toEqual([...growing].sort((a, b) => a - b));
    expect(new Set(growing).size).toBe(growing.length);
    expect(of({ list: ['x'.repeat(1000)] })).toBeGreaterThan(2000);
    expect(of(new Uint8Array(5000))).toBeGreaterThan(5000);
    expect(of({ ['k'.repeat(500)]: null })).toBeGreaterThan(1000);
    expect(estimateBytes({ ...publication(1), key: 'k'.repeat(100) })).toBe(size + 216);
    expect(estimateBytes({ ...publication(1), values: undefined })).toBeGreaterThan(0);
  });
});

type Kept = { seq: number; bytes: number; at: number };
type Model = { limits: HistoryLimits; kept: Kept[]; last: number };

function appendTo(model: Model, one: Publication, at: number): void {
  const { kept, limits } = model;
  model.last = one.seq;
  kept.push({ seq: one.seq, bytes: estimateBytes(one), at });
  while (kept.length > limits.maxCount || bytesOf(kept) > limits.maxBytes) kept.shift();
}

/** Of equally large ones any may give way, so there the model follows. */
function shrink(models: readonly Model[], total: number, logs: readonly HistoryLog[]): void {
  while (models.reduce((sum, { kept }) => sum + bytesOf(kept), 0) > total) {
    const most = Math.max(...models.map(({ kept }) => bytesOf(kept)));
    const largest = models.filter(({ kept }) => bytesOf(kept) === most);
    const [next = largest[0]] = largest.filter((one) => one.kept.length > logs[models.indexOf(one)]!.length);
    next?.kept.shift();
  }
}

function bytesOf(kept: readonly Kept[]): number {
  return kept.reduce((sum, { bytes }) => sum + bytes, 0);
}

function open(limits: Partial<HistoryLimits> = {}): HistoryLog {
  return new HistoryStore(1e9).open({ ...unlimited, ...limits });
}

function fill(log: HistoryLog, upTo: number): void {
  for (let seq = 1; seq <= upTo; seq++) log.append(publication(seq));
}

function publication(seq: number): Publication {
  return { topic, seq, ts: seq * 10, values: [1, 2], key: undefined };
}

function seqs(publications: Iterable<Publication>): number[] {
  return [...publications].map(({ seq }) => seq);
}
