/** What a plan must say before anything is started for it. */

import type { LoadPlan, Slow, Source } from '../plan.ts';
import { BenchError } from '../scenario.ts';

type Checked = Pick<LoadPlan, 'target' | 'source' | 'connections' | 'workers'>;

/** Throws BenchError naming the field and its value. */
export function checkRig({ target, source, connections, workers }: Checked): void {
  whole('connections', connections, 1);
  whole('workers', workers, 1);
  if (source.kind === 'feed' && target.kind === 'url') {
    throw new BenchError(`a load feed runs in a server of our own only, and the target is ${target.url}`);
  }
  checkSource(source);
}

/** Throws BenchError naming the field and its value. */
export function checkPlan(plan: LoadPlan): void {
  checkRig(plan);
  if (plan.patterns.length === 0) throw new BenchError('patterns must name at least one topic or pattern, got none');
  atLeast('rampSec', plan.rampSec, 0);
  atLeast('warmUpSec', plan.warmUpSec, 0);
  moreThan0('durationSec', plan.durationSec);
  whole('readOneIn', plan.readOneIn, 1);
  if (plan.slow !== undefined) checkSlow(plan.slow);
}

function checkSource(source: Source): void {
  if (source.kind === 'existing') return;
  whole('topics', source.topics, 1);
  moreThan0('rate', source.rate);
  whole('burst', source.burst, 1);
  whole('payloadBytes', source.payloadBytes, 0);
  if (source.kind === 'publishers') whole('publishers', source.publishers, 1);
  if (source.kind === 'feed') whole('quietTopics', source.quietTopics ?? 0, 0);
}

function checkSlow({ share, how }: Slow): void {
  if (!(share >= 0 && share <= 1)) throw new BenchError(`slow.share must be from 0 to 1, got ${share}`);
  if (how.kind === 'stallFor') moreThan0('slow.seconds', how.seconds);
  if (how.kind === 'bytesPerSec') moreThan0('slow.bytesPerSec', how.bytesPerSec);
}

function whole(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new BenchError(`${name} must be a whole number, ${least} or more, got ${value}`);
}

function atLeast(name: string, value: number, least: number): void {
  if (!(value >= least && Number.isFinite(value)))
    throw new BenchError(`${name} must be ${least} or more, got ${value}`);
}

function moreThan0(name: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value))) throw new BenchError(`${name} must be more than 0, got ${value}`);
}
