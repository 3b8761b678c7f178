/** Runs a stream feed: takes what its iterator yields, one at a time, and publishes it. */

import { type FeedStart, hangsAfterMs } from './feed-start.ts';
import { unlessAborted } from './until.ts';
import { reasonOf } from './verdict.ts';

const itemsATurn = 64; // an iterator that never waits would otherwise keep the whole process from everything else

/** Resolves when the iterator is done or the start is over, after the iterator was told to return. */
export async function runStream(start: FeedStart): Promise<void> {
  const { feed, context, signal } = start;
  const iterator = feed.stream(context)[Symbol.asyncIterator]();
  for (let items = 1; ; items++) {
    const step = await start.call({ what: 'stream' }, () => unlessAborted(iterator.next(), signal));
    if (step === 'aborted') return letGo(start, iterator);
    if (step.done === true) return;
    start.alive();
    publish(start, step.value);
    if (items % itemsATurn === 0) await start.call({ what: 'stream' }, loopTurn);
  }
}

function loopTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function publish({ context }: FeedStart, item: unknown): void {
  if (typeof item !== 'object' || item === null || !('topic' in item)) {
    context.reject(`the stream yielded ${reasonOf(item)}, not { topic, data }`);
    return;
  }
  const { topic, data, ...options } = item as { topic: string; data?: unknown };
  context.publish(topic, data, options);
}

async function letGo(start: FeedStart, iterator: AsyncIterator<unknown>): Promise<void> {
  try {
    await start.call({ what: 'the return of stream', hangsAfterMs }, async () => iterator.return?.());
  } catch (error) {
    if (error === start.signal.reason) return; // a sleep or fetch that the stop cut short: as it should be
    start.problems.report('cleanup', `feed "${start.name}": its stream failed while stopping: ${reasonOf(error)}`);
  }
}
