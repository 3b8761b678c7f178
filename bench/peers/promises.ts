/** What Tickwire promises against its peers, and whether this run shows it. */

import type { ExperimentId } from './experiments.ts';
import { figures, ratioOf, spreadOf } from './figures.ts';
import { peerNames } from './peer.ts';
import type { Outcome } from './tournament.ts';

export type Judgement = {
  readonly what: string;
  readonly limit: string;
  readonly measured: string;
  readonly isKept: boolean;
};

const own = 'tickwire';
const others = peerNames.filter((name) => name !== own);
const perServerSec = figures.deliveriesPerServerSec;
const compared: readonly ExperimentId[] = ['turn-1', 'turn-10', 'turn-100', 'single-128', 'single-32'];

/** Only of what was measured; a run of some peers judges less. */
export function judge(outcome: Outcome): Judgement[] {
  const toBare = (id: ExperimentId, limit: number, what: string) =>
    atLeast(`${what}: deliveries per server CPU-second, to bare uWebSockets.js`, limit, ratio(outcome, id, 'bare'));
  return [
    toBare('turn-1', 0.95, '1 publication a turn'),
    toBare('turn-10', 1, '10 publications a turn'),
    toBare('turn-100', 3, '100 publications a turn'),
    toBare('single-128', 1, 'one message at a time, as fast as it goes'),
    ...others.filter((name) => name !== 'bare').map((name) => everywhere(outcome, name)),
    ...(['rate-1000', 'rate-100'] as const).map((id) => quickest(outcome, id)),
    ...joined(outcome),
  ].filter((judgement) => judgement !== undefined);
}

function ratio(outcome: Outcome, id: ExperimentId, other: string): number | undefined {
  return ratioOf(outcome, id, [own, other], perServerSec)?.median;
}

function atLeast(what: string, limit: number, measured: number | undefined): Judgement | undefined {
  if (measured === undefined) return undefined;
  return { what, limit: `≥ ${limit}`, measured: measured.toFixed(2), isKept: measured >= limit };
}

/** The lowest ratio of all comparisons. */
function everywhere(outcome: Outcome, name: string): Judgement | undefined {
  const ratios = compared.flatMap((id) => ratio(outcome, id, name) ?? []);
  if (ratios.length === 0) return undefined;
  return atLeast(`lowest ratio of deliveries per server CPU-second to ${name}`, 1, Math.min(...ratios));
}

function quickest(outcome: Outcome, id: ExperimentId): Judgement | undefined {
  const p99 = (side: string) => spreadOf(outcome, id, side, figures.p99Ms)?.median;
  const measured = p99(own);
  const [best] = others
    .flatMap((name) => ({ name, ms: p99(name) ?? Number.POSITIVE_INFINITY }))
    .sort((a, b) => a.ms - b.ms);
  if (measured === undefined || best === undefined || best.ms === Number.POSITIVE_INFINITY) return undefined;
  return {
    what: `${id === 'rate-1000' ? '1000 × 100/s' : '100 × 1000/s'}: p99 latency, to the lowest of the others (${best.name})`,
    limit: `≤ ${best.ms.toFixed(2)} ms`,
    measured: `${measured.toFixed(2)} ms`,
    isKept: measured <= best.ms,
  };
}

/** Joining for up to 5 ms, against one send for each message. */
function joined(outcome: Outcome): Judgement[] {
  const joining = 'tickwire-joining';
  const cost = ratioOf(outcome, 'rate-100', [joining, 'bare'], figures.serverMicrosPerDelivery)?.median;
  const p99 = spreadOf(outcome, 'rate-100', joining, figures.p99Ms)?.median;
  if (cost === undefined || p99 === undefined) return [];
  const what = '100 × 1000/s, joined for 5 ms';
  return [
    {
      what: `${what}: server CPU per delivery, to bare uWebSockets.js`,
      limit: '≤ 0.4',
      measured: cost.toFixed(2),
      isKept: cost <= 0.4,
    },
    { what: `${what}: p99 latency`, limit: '≤ 10 ms', measured: `${p99.toFixed(2)} ms`, isKept: p99 <= 10 },
  ];
}
