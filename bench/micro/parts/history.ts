/** Keeping what was published. */

import { HistoryStore, type Publication } from '../bus-parts.ts';
import type { Operation, Part } from '../operation.ts';
import { quoteSchema, quoteValues } from '../quote.ts';

const kept = 10_000; // publications of each topic

export const history: Part = {
  name: 'history',
  make(largest) {
    const many = Math.min(1000, largest);
    return {
      operations: [
        appendingTo(1, Math.min(kept, largest)),
        appendingTo(many, Math.min(100, largest)),
        reading(Math.min(kept, largest)),
      ],
    };
  },
};

const topic: Publication['topic'] = {
  tid: 1,
  name: 'market.sim.AAPL.trade',
  epoch: 'e1',
  kind: 'event',
  schema: quoteSchema,
};

/** Full ones: each append drops the oldest. */
function appendingTo(topics: number, maxCount: number): Operation {
  const { logs } = filled(topics, maxCount);
  let seq = maxCount;
  let at = 0;
  const run = () => {
    if (at === 0) seq++;
    logs[at]?.append(publication(seq));
    at = (at + 1) % topics;
  };
  return { name: `append to one of ${topics} full histories of ${maxCount}`, run };
}

function reading(maxCount: number): Operation {
  const [log] = filled(1, maxCount).logs;
  const query = { after: maxCount >> 1, limit: 100 };
  return { name: 'read a page of 100', run: () => log?.page(query, { limit: 100, bytes: 1 << 20 }) };
}

function filled(topics: number, maxCount: number) {
  const store = new HistoryStore(1 << 30);
  const limits = { maxCount, maxBytes: 1 << 30, maxAgeMs: 1 << 30 };
  const logs = Array.from({ length: topics }, () => store.open(limits));
  for (const log of logs) for (let seq = 1; seq <= maxCount; seq++) log.append(publication(seq));
  return { logs };
}

function publication(seq: number): Publication {
  return { topic, seq, ts: seq, values: quoteValues, key: undefined };
}
