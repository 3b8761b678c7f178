/** Where a reader of server-sent events is: the text that it hands back as Last-Event-ID when it returns. */

import type { TopicState } from '../bus/index.ts';
import type { Position } from '../protocol/index.ts';

/** As many event topics as one token has room for: a request's whole head may have 4 KB. */
export const maxEventTopics = 200;

export type EventToken = {
  /** Of the hub. */
  readonly epoch: string;
  /** How many publications the hub had seen: a topic without a later one has no news. */
  readonly ordinal: number;
  /** By topic id, of event topics: each of their publications counts. */
  readonly seqs: ReadonlyMap<number, number>;
  /** Whether there was room for all event topics. */
  readonly isWhole: boolean;
};

/** `<epoch>.<ordinal>`, then `;<topic>:<seq>` each, in base 36, topics as the distance from the one before; `;+` for more. */
export function writeToken(
  epoch: string,
  ordinal: number,
  seqs: Iterable<readonly [tid: number, seq: number]>,
  isWhole = true,
): string {
  let text = `${epoch}.${ordinal.toString(36)}`;
  let before = 0;
  let room = maxEventTopics;
  for (const [tid, seq] of [...seqs].sort(([a], [b]) => a - b)) {
    if (room-- === 0) return `${text};+`;
    text += `;${(tid - before).toString(36)}:${seq.toString(36)}`;
    before = tid;
  }
  return isWhole ? text : `${text};+`;
}

/** Undefined for text that is no token of ours. */
export function readToken(text: string): EventToken | undefined {
  if (!/^[\w-]{1,20}\.[0-9a-z]{1,11}(;[0-9a-z]{1,6}:[0-9a-z]{1,11}){0,200}(;\+)?$/.test(text)) return undefined;
  const [head = '', ...pairs] = text.split(';');
  const [epoch = '', ordinal = ''] = head.split('.');
  const isWhole = pairs.at(-1) !== '+';
  if (!isWhole) pairs.pop();
  const seqs = new Map<number, number>();
  let tid = 0;
  for (const pair of pairs) {
    const [distance = '', seq = ''] = pair.split(':');
    tid += number(distance);
    seqs.set(tid, number(seq));
  }
  return { epoch, ordinal: number(ordinal), seqs, isWhole };
}

/**
 * Where the reader was on each of these topics, for `since` to begin behind. Without a token: somewhere that nobody
 * knows any more, so that each topic says so.
 */
export function positionsAt(
  token: EventToken | undefined,
  hubEpoch: string,
  topics: Iterable<TopicState>,
): Record<string, Position> {
  const positions: Record<string, Position> = Object.create(null); // a topic may be called `toString`
  for (const state of topics) {
    const position = token?.epoch === hubEpoch ? positionOf(state, token) : elsewhere;
    if (position !== undefined) positions[state.topic.name] = position;
  }
  return positions;
}

const elsewhere: Position = ['another life', 0];

/** Undefined for a topic that was not there when the token was made. */
function positionOf(
  { topic, seq, ordinal }: TopicState,
  { ordinal: seen, seqs, isWhole }: EventToken,
): Position | undefined {
  const { tid, epoch, kind } = topic;
  if (kind !== 'event') return [epoch, ordinal <= seen ? seq : Math.max(0, seq - 1)]; // behind by any number is behind
  const told = seqs.get(tid);
  if (told !== undefined) return [epoch, told];
  if (ordinal <= seen) return [epoch, seq];
  return isWhole ? undefined : [epoch, Number.MAX_SAFE_INTEGER]; // nobody knows: begins at the present, not recovered
}

function number(base36: string): number {
  return Number.parseInt(base36, 36);
}
