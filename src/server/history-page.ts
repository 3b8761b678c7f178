/** One page of what a topic keeps of its past. */

import type { Hub, TopicState } from '../bus/index.ts';
import {
  fromPositions,
  type HistoryItem,
  type HistoryPage,
  type HistoryQuery,
  ProtocolError,
} from '../protocol/index.ts';

const usualLimit = 100;
const mostItems = 1000; // asking for more is no mistake: `more` says that there is another page
const mostBytes = 256 * 1024;

/** Throws ProtocolError: no such topic, a topic that keeps nothing, or a position of another life or of the future. */
export function readHistory(hub: Hub, name: string, query: HistoryQuery): HistoryPage {
  const state = hub.topic(name);
  if (state === undefined) throw new ProtocolError('unknownTopic', `no topic ${JSON.stringify(name.slice(0, 200))}`);
  const { history, topic } = state;
  if (history === undefined) {
    throw new ProtocolError('noHistory', `topic ${name} is ${topic.kind} and keeps no history (history)`);
  }
  checkPosition(state, query);
  const limit = Math.min(query.limit ?? usualLimit, mostItems);
  const { items, more } = history.page(query, { limit, bytes: mostBytes });
  return {
    topic: name,
    epoch: topic.epoch,
    first: history.firstSeq,
    last: history.length === 0 ? 0 : history.lastSeq,
    items: items.map(
      ({ seq, ts, key, values }): HistoryItem => ({
        seq,
        ts,
        ...(key !== undefined && { key }),
        ...(values !== undefined && { data: fromPositions(topic.schema, values) }),
      }),
    ),
    more,
  };
}

function checkPosition({ topic, seq }: TopicState, { epoch, after }: HistoryQuery): void {
  if (epoch !== undefined && epoch !== topic.epoch) {
    const message = `topic ${topic.name} has begun anew: its epoch is ${topic.epoch}, not ${epoch.slice(0, 60)}`;
    throw new ProtocolError('otherEpoch', message);
  }
  if (after !== undefined && after > seq) {
    throw new ProtocolError('futurePosition', `topic ${topic.name} is at ${seq}, so nothing is after ${after}`);
  }
}
