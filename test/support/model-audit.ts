import type { HistoryLog } from '../../src/bus/history.ts';
import { errorCodes, type ViewRequest } from '../../src/protocol/index.ts';
import type { MirrorTopic, Told } from './mirror-topic.ts';
import type { ModelTopic } from './model-topic.ts';

/** As things are when a subscriber is told something. */
export type Circumstances = {
  readonly view: ViewRequest;
  /** It has a rate, or had one before it was changed. */
  readonly isRated: boolean;
  readonly nowMs: number;
  readonly history: HistoryLog | undefined;
};

/** What is wrong with what a subscriber was told, held against all that was published; undefined: it is the truth. */
export function faultOf(told: Told, topic: ModelTopic, mirrored: MirrorTopic, now: Circumstances): string | undefined {
  switch (told.op) {
    case 'value': {
      const { data, key } = topic.entry(told.seq);
      const isRight = key === told.key && topic.passes(data, now.view) && same(told.data, topic.show(data, now.view));
      return isRight ? undefined : `it is ${JSON.stringify(data)}`;
    }
    case 'remove': {
      const { data, key } = topic.entry(told.seq);
      return key === told.key && !topic.passes(data, now.view) ? undefined : `it is ${key} ${JSON.stringify(data)}`;
    }
    case 'mark':
      return markFault(told, topic, now);
    case 'gap': {
      const first = now.history?.firstSeq || topic.log.length + 1;
      return told.to === first - 1 ? undefined : `history begins with ${first}`;
    }
    case 'joined':
      return returnFault(told, topic, mirrored, now);
  }
}

export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

type Of<Op extends Told['op']> = Extract<Told, { op: Op }>;

function markFault(told: Of<'mark'>, topic: ModelTopic, now: Circumstances): string | undefined {
  const { from, to, count, reason, ageMs } = told;
  const entries = topic.log.slice(from - 1, to);
  const passing = entries.filter(({ data }) => topic.passes(data, now.view)).length;
  const skipped = reason === 'filter' ? 0 : count;
  // A row that no longer matches concerns those who hold it.
  const isRight = topic.kind === 'keyed' ? passing <= skipped : passing === skipped;
  if (!isRight || entries.length !== to - from + 1) return `${passing} of ${entries.length} match`;
  if (reason === 'filter') return undefined;
  if (topic.kind === 'event') return 'events are never skipped';
  if (reason === 'rate' && !now.isRated) return 'there is no rate';
  const age = now.nowMs - topic.entry(from).atMs;
  return ageMs >= Math.floor(age) ? undefined : `it is ${age} ms old`;
}

function returnFault(
  { seq, before, how, recovered, code }: Of<'joined'>,
  { kind, log }: ModelTopic,
  mirrored: MirrorTopic,
  { view, history }: Circumstances,
): string | undefined {
  if (how !== 'return' || before === undefined) return undefined;
  const all = log.length;
  const isEvent = kind === 'event';
  // A stream that began after the last match of its filter can't tell whether there was one.
  const isKnown = kind !== 'latest' || view.filter === undefined || mirrored.state.size > 0 || all === 0;
  const reachesBack = isEvent && history !== undefined && history.length > 0 && history.firstSeq <= before + 1;
  const isRecoverable = (before === all && isKnown) || reachesBack;
  if (recovered !== isRecoverable) return isRecoverable ? 'nothing is missing' : 'something is missing';
  if (recovered === false && code !== errorCodes.historyTooShort.code) return 'this is not why';
  return seq === (isEvent ? before : all) ? undefined : `it should go on from ${before}, the present is ${all}`;
}
