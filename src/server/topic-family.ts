import type { TopicKind } from '../protocol/index.ts';

/** Topics of one form, as whoever publishes them declares it. */
export type TopicFamily = {
  /** A name, with `{placeholders}` for segments that differ. */
  readonly address: string;
  readonly kind: TopicKind;
  readonly description: string;
  /** Who publishes them: a feed by its name, or `clients`. */
  readonly source: string;
  readonly maxSilenceMs?: number | undefined;
  /** Of a value: JSON Schema draft 7, each unit as `x-unit`. */
  readonly payload: object;
};
