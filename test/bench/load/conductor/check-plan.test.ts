import { expect, test } from 'vitest';
import { checkPlan } from '../../../../bench/load/conductor/check-plan.ts';
import type { LoadPlan, Stamped } from '../../../../bench/load/plan.ts';
import { somePlan } from '../support/some-load.ts';

const feed = (spoilt: Partial<Stamped>): Partial<LoadPlan> => ({
  source: { kind: 'feed', topics: 1, rate: 1, burst: 1, payloadBytes: 0, ...spoilt },
});

test('a plan that makes sense is taken', () => {
  expect(() => checkPlan(somePlan)).not.toThrow();
  expect(() => checkPlan({ ...somePlan, ...feed({ rate: 0.1 }), rampSec: 0, warmUpSec: 0 })).not.toThrow();
});

test.each<[Partial<LoadPlan>, string]>([
  [{ connections: 0 }, 'connections must be a whole number, 1 or more, got 0'],
  [{ connections: 1.5 }, 'connections must be a whole number, 1 or more, got 1.5'],
  [{ workers: Number.NaN }, 'workers must be a whole number, 1 or more, got NaN'],
  [{ readOneIn: 0 }, 'readOneIn must be a whole number, 1 or more, got 0'],
  [{ patterns: [] }, 'patterns must name at least one topic or pattern, got none'],
  [{ rampSec: -1 }, 'rampSec must be 0 or more, got -1'],
  [{ warmUpSec: Number.POSITIVE_INFINITY }, 'warmUpSec must be 0 or more, got Infinity'],
  [{ durationSec: 0 }, 'durationSec must be more than 0, got 0'],
  [feed({ topics: 0 }), 'topics must be a whole number, 1 or more, got 0'],
  [feed({ rate: 0 }), 'rate must be more than 0, got 0'],
  [feed({ burst: 0.5 }), 'burst must be a whole number, 1 or more, got 0.5'],
  [feed({ payloadBytes: -1 }), 'payloadBytes must be a whole number, 0 or more, got -1'],
  [{ slow: { share: 2, how: { kind: 'stall' } } }, 'slow.share must be from 0 to 1, got 2'],
  [{ slow: { share: 1, how: { kind: 'bytesPerSec', bytesPerSec: 0 } } }, 'slow.bytesPerSec must be more than 0, got 0'],
  [
    { target: { kind: 'url', url: 'ws://example.com' } },
    'a load feed runs in a server of our own only, and the target is ws://example.com',
  ],
])('%j is refused', (spoilt, message) => {
  expect(() => checkPlan({ ...somePlan, ...spoilt })).toThrow(expect.objectContaining({ name: 'BenchError', message }));
});
