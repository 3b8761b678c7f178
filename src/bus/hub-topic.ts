/** What the hub knows of a topic: its state, and everyone who carries it. */

import { PlainCell } from './cell.ts';
import { Lanes } from './lanes.ts';
import { PlainStream } from './plain-stream.ts';
import type { Stream } from './stream.ts';
import type { TopicState } from './topic-state.ts';
import type { ViewCell } from './view-cell.ts';
import type { ViewStream } from './view-stream.ts';

export class HubTopic {
  readonly state: TopicState;
  readonly plain: PlainCell;
  readonly lanes = new Lanes();
  readonly views: { readonly stream: ViewStream; readonly cell: ViewCell }[] = [];
  /** What was seen at the last look, and when (monotonic milliseconds). */
  #seenSeq = 0;
  #seenAt = 0;

  constructor(state: TopicState) {
    this.state = state;
    this.plain = new PlainCell(state);
  }

  get isCarried(): boolean {
    return !this.lanes.isEmpty || this.views.length > 0;
  }

  drop(stream: Stream): void {
    if (stream instanceof PlainStream) this.lanes.remove(stream);
    const at = this.views.findIndex((view) => view.stream === stream);
    if (at >= 0) this.views.splice(at, 1);
  }

  /** Whether it has just been silent for longer than it should be; exact to the time between two looks. */
  isSilent(now: number): boolean {
    const { seq, staleSince, topic } = this.state;
    if (topic.maxSilenceMs === undefined || staleSince !== undefined || seq === 0) return false;
    if (seq === this.#seenSeq) return now - this.#seenAt > topic.maxSilenceMs;
    this.#seenSeq = seq;
    this.#seenAt = now;
    return false;
  }
}
