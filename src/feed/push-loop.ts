/** Runs a push feed: connects it, lets it push for as long as the start lasts, then lets go of it. */

import { type FeedStart, hangsAfterMs } from './feed-start.ts';
import { aborted } from './until.ts';
import { reasonOf } from './verdict.ts';

/** Resolves when the start is over and the cleanup is done; a connection that comes only after that is let go as well. */
export async function runPush(start: FeedStart): Promise<void> {
  const { feed, context, signal } = start;
  const cleanup = await start.call({ what: 'connect', hangsAfterMs }, () => feed.connect(context));
  start.alive();
  await aborted(signal);
  if (typeof cleanup !== 'function') return;
  try {
    await start.call({ what: 'cleanup', hangsAfterMs }, cleanup);
  } catch (error) {
    start.problems.report('cleanup', `feed "${start.name}": its cleanup failed: ${reasonOf(error)}`);
  }
}
