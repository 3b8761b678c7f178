/** Crews for scenarios: what is usual, and what their answers say. */

import { setTimeout } from 'node:timers/promises';
import type { Crew } from '../load/conductor/crew.ts';
import { merged, noPercentiles } from '../load/histogram.ts';
import { type CrewRequest, openCrew } from '../load/index.ts';
import { reasonsText } from '../load/reasons.ts';
import type { Doubt, Figure, Percentiles } from '../load/report.ts';
import type { PlanWish, Stage } from '../load/scenario.ts';
import type { Joined } from '../load/worker/worker-protocol.ts';
import { workersFor } from './define.ts';

export type CrewWanted = Pick<CrewRequest, 'connections' | 'source'> &
  Partial<Pick<CrewRequest, 'patterns' | 'target'>>;

/** Opens it for as long as `use` runs. */
export async function withCrew<T>(stage: Stage, wanted: CrewWanted, use: (crew: Crew) => Promise<T>): Promise<T> {
  const { source, connections } = wanted;
  const crew = await openCrew(
    {
      target: { kind: 'own', server: {} },
      patterns: ['bench.>'],
      ...wanted,
      topics: source.kind === 'existing' ? 1 : source.topics,
      workers: stage.wish.workers ?? workersFor(connections),
      rampSec: 0,
      encoding: stage.wish.encoding ?? 'msgpack',
      readOneIn: 1,
    },
    stage,
  );
  try {
    return await use(crew);
  } finally {
    await crew.close();
  }
}

/** A load feed's source, as far as the user has no wishes. */
export function feed(
  { topics, rate, payloadBytes }: PlanWish,
  wanted: { readonly topics: number; readonly rate: number; readonly isKept?: boolean },
): CrewRequest['source'] {
  const chosen = { ...wanted, topics: topics ?? wanted.topics, rate: rate ?? wanted.rate };
  return { kind: 'feed', ...chosen, burst: 1, payloadBytes: payloadBytes ?? 128 };
}

/** Of an encoded histogram; none at all are zeros. */
export function percentiles(encoded: string): Percentiles {
  return merged([encoded]).ms ?? noPercentiles;
}

/** How long a storm took, of all and of each. */
export function stormFigures(name: string, { connections, seconds, times }: Joined): Figure[] {
  const each = percentiles(times);
  return [
    lower(`${name} after`, seconds, 's'),
    { name: `${name} a second`, value: connections / seconds, unit: '1/s', better: 'higher' },
    lower(`${name} p50`, each.p50, 'ms'),
    lower(`${name} p99`, each.p99, 'ms'),
  ];
}

export function lower(name: string, value: number, unit = ''): Figure {
  return { name, value, unit, better: 'lower' };
}

/** Connections that did not come through. */
export function failedDoubts(asked: number, { connections, failed }: Pick<Joined, 'connections' | 'failed'>): Doubt[] {
  if (connections === asked) return [];
  const message = `of ${asked} connections ${asked - connections} did not come through: ${reasonsText(failed)}`;
  return [{ kind: 'connections lost', message }];
}

/** The same of a crew that has just been opened. */
export function unopenedDoubts(asked: number, { opened, failed }: Crew['opened']): Doubt[] {
  return failedDoubts(asked, { connections: opened, failed });
}

/** Rejects with the signal's reason. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
}
