/** What travels from the origin that stamps it to the hub that fans it out. */

import type { Micros, Schema, TopicKind } from '../protocol/index.ts';
import type { HistoryLimits } from './history-log.ts';

/** One life of one topic. `tid` and `epoch` are new whenever it begins anew; its `schema` may change within one. */
export type Topic = {
  readonly tid: number;
  readonly name: string;
  readonly epoch: string;
  readonly kind: TopicKind;
  readonly schema: Schema;
  readonly maxSilenceMs?: number;
  /** What its owner would have it keep of its past. */
  readonly history?: Partial<HistoryLimits>;
};

/** `seq` is +1 for each on its topic, from 1. Without `values` it takes the row `key` off a keyed topic. */
export type Publication = {
  readonly topic: Topic;
  readonly seq: number;
  readonly ts: Micros;
  readonly values: readonly unknown[] | undefined;
  readonly key: string | undefined;
};

/** Where an origin's work goes. A topic is opened before its first publication. */
export type Backplane = {
  open(topic: Topic): void;
  publish(publication: Publication): void;
  /** The same topic in another schema: what is published from here on is by it, and so is what is held. */
  redeclare(topic: Topic): void;
};
