/** What became of all that was published to all subscribers, as counters that only rise. */

import { type ErrorReason, errorCodes, type FrameOf, type ServerFrame, type SkipReason } from '../protocol/index.ts';
import type { Ledger } from './ledger.ts';

/** How a topic went on that a returning subscriber asked for behind what it had seen. */
const recoveryOutcomes = ['complete', 'otherEpoch', 'historyTooShort', 'futurePosition'] as const;
type RecoveryOutcome = (typeof recoveryOutcomes)[number];

const conflationReasons = ['slow', 'rate', 'paused'] as const satisfies readonly SkipReason[];
type ConflationReason = (typeof conflationReasons)[number];

export class Fates {
  delivered = 0;
  filtered = 0;
  missed = 0;
  readonly conflated: Record<ConflationReason, number> = { slow: 0, rate: 0, paused: 0 };
  readonly recoveries: Record<RecoveryOutcome, number> = {
    complete: 0,
    otherEpoch: 0,
    historyTooShort: 0,
    futurePosition: 0,
  };

  /** The same happened to each of so many subscribers. */
  add({ delivered, conflated, filtered, missed }: Readonly<Ledger>, reason: SkipReason, subscribers = 1): void {
    this.delivered += delivered * subscribers;
    this.filtered += filtered * subscribers;
    this.missed += missed * subscribers;
    if (reason !== 'filter') this.conflated[reason] += conflated * subscribers;
  }

  /** Counts an answer to `since` with positions; other snapshots are none. */
  addRecovery({ last, recovered, code }: FrameOf<ServerFrame, 'snapshot'>): void {
    if (!last || recovered === undefined) return;
    this.recoveries[recovered ? 'complete' : outcomeOf(code)]++;
  }
}

const outcomesByCode = new Map<number | undefined, RecoveryOutcome>(
  recoveryOutcomes.flatMap((outcome) => (outcome === 'complete' ? [] : [[codeOf(outcome), outcome] as const])),
);

function outcomeOf(code: number | undefined): RecoveryOutcome {
  return outcomesByCode.get(code) ?? 'historyTooShort';
}

function codeOf(reason: ErrorReason): number {
  return errorCodes[reason].code;
}
