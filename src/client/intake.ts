/** What a snapshot means to a subscriber of its topic, by where the subscriber stands. */

import { errorCodes } from '../protocol/codes.ts';
import type { FrameOf, ServerFrame } from '../protocol/frames.ts';
import type { TopicKind } from '../protocol/topic.ts';

/**
 * `new`: nothing seen yet. `resuming`: seen before, in this epoch. `reborn`: seen before, in another epoch. `gone`: seen
 * before, but this connection knows of no such topic. `settled`: up to date on this connection.
 */
export type Phase = 'new' | 'resuming' | 'reborn' | 'gone' | 'settled';
/** `awaited`: a snapshot is due that will set it right. `asked`: one was asked for. */
export type Trust = 'sure' | 'awaited' | 'asked';
/** `replace`: it is the state. `keep`: it says that what is held is. `pass`: it brings nothing that is not known. */
export type Intake = 'replace' | 'keep' | 'pass';

export type Standing = {
  readonly kind: TopicKind;
  readonly phase: Phase;
  readonly trust: Trust;
  /** The newest publication accounted for. */
  readonly seq: number;
  /** Up to here what is held is the state. */
  readonly safeSeq: number;
  readonly holdsNothing: boolean;
  readonly wantsSnapshot: boolean;
  /** The snapshot that answers the subscription is still to come. */
  readonly isAwaiting: boolean;
  /** The subscription was changed, which may be answered by a position without values where they look as before. */
  readonly mayComeBare: boolean;
};

export function intakeOf(standing: Standing, snapshot: FrameOf<ServerFrame, 'snapshot'>): Intake {
  const { seq, recovered, code, rows, last } = snapshot;
  const isBare = standing.mayComeBare && last && rows.length === 0;
  switch (standing.phase) {
    case 'new':
      return isBare ? 'keep' : 'replace';
    case 'reborn':
    case 'gone':
      return 'replace';
    case 'resuming':
      if (recovered === true) return 'keep';
      return seq >= standing.seq || code === errorCodes.futurePosition.code ? 'replace' : 'keep';
    case 'settled':
      if (holdsState(standing.kind)) return isBare ? 'keep' : settledIntake(standing, snapshot);
      return standing.isAwaiting ? 'keep' : 'pass';
    default:
      return unreachable(standing.phase);
  }
}

/** Whether the topic has a state that the subscriber mirrors. */
export function holdsState(kind: TopicKind): boolean {
  return kind === 'latest' || kind === 'keyed';
}

function settledIntake(standing: Standing, { seq, rows }: FrameOf<ServerFrame, 'snapshot'>): Intake {
  if (seq < standing.seq) return 'pass';
  if (seq > standing.seq || standing.trust !== 'sure' || standing.safeSeq < standing.seq) return 'replace';
  // The bare position that it began with was the answer to another subscription.
  return rows.length > 0 && standing.holdsNothing && standing.wantsSnapshot ? 'replace' : 'pass';
}

function unreachable(value: never): never {
  throw new TypeError(`unhandled phase ${JSON.stringify(value)}`);
}
