import { expect, test } from 'vitest';
import { feedStates, newFeedStats } from '../src/feed/feed-stats.ts';
import { requiredFeedFault } from '../src/required-feed.ts';

const faultOf = (stats: object) => requiredFeedFault({ name: 'f', stats: () => ({ ...newFeedStats(), ...stats }) });

test('what speaks against a required feed, in each of its states', () => {
  const told = Object.fromEntries(feedStates.map((status) => [status, faultOf({ status, activity: 'running' })]));
  expect(told).toEqual({
    starting: 'feed "f" is starting',
    ok: undefined,
    degraded: undefined,
    down: 'feed "f" is down',
    ended: 'feed "f" has ended',
    stopped: 'feed "f" is stopped',
    paused: 'feed "f" is paused',
  });
});

test('one that rests before it was ever wanted is well; what a feed says of itself is passed on', () => {
  expect(faultOf({ status: 'starting', activity: 'idle' })).toBeUndefined();
  expect(faultOf({ status: 'down', statusText: 'no account' })).toBe('feed "f" is down: no account');
  expect(faultOf({ status: 'degraded', failure: 'lost' })).toBe('feed "f" failed: lost');
  expect(faultOf({ status: 'degraded', failure: 'lost', statusText: 'again in 3 s' })).toBe(
    'feed "f" failed: again in 3 s',
  );
});
