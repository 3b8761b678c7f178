/** What a topic published before, page by page. */

import type { HistoryPage, HistoryQuery } from '../protocol/frames.ts';
import { readHistoryQuery } from '../protocol/history-query.ts';
import { topicFault } from '../protocol/topic.ts';
import { checked, TickwireError } from './errors.ts';
import type { Answer, Requests } from './requests.ts';

const answerTimeoutMs = 10_000; // an answer takes one round trip; by then the network or the server is in trouble

/** Waits for a connection, as long as for an answer. Rejects with TickwireError, with the server's code where it refused. */
export async function askHistory(requests: Requests, topic: string, query: HistoryQuery): Promise<HistoryPage> {
  const fault = topicFault(topic);
  if (fault !== undefined) throw new TickwireError('badRequest', `topic ${JSON.stringify(topic)} ${fault}`);
  const wanted = checked(() => readHistoryQuery(query));
  return new Promise((resolve, reject) => {
    requests.ask({
      about: `history of ${topic}`,
      frame: (id) => ({ op: 'history', id, topic, query: wanted }),
      answered: (answer) => {
        const page = pageOf(answer);
        if (page !== undefined) resolve(page);
        else reject(new TickwireError('unreadable', `history of ${topic}: the server's answer is no page`));
      },
      failed: reject,
      timeoutMs: answerTimeoutMs,
    });
  });
}

/** Page after page of one life of the topic, as `ask` brings them, until there are no more in this direction. */
export async function* askAllHistory(
  ask: (query: HistoryQuery) => Promise<HistoryPage>,
  query: HistoryQuery,
): AsyncGenerator<HistoryPage, void, undefined> {
  let next = query;
  for (;;) {
    const page = await ask(next);
    yield page;
    const last = page.items.at(-1);
    if (!page.more || last === undefined) return;
    const { epoch } = page; // pages of two lives must not look like one
    next = { ...query, epoch, ...(query.reverse === true ? { before: last.seq } : { after: last.seq }) };
  }
}

function pageOf(answer: Answer): HistoryPage | undefined {
  if (answer.op !== 'ok' || typeof answer.result !== 'object' || answer.result === null) return undefined;
  const page = answer.result as Partial<HistoryPage>;
  return Array.isArray(page.items) && typeof page.epoch === 'string' ? (page as HistoryPage) : undefined;
}
