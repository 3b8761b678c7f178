/** Where publications went, in whole numbers that must add up. */

/** `published = delivered + conflated + filtered + missed + pending`, at any moment. */
export type Ledger = {
  /** While subscribed. */
  published: number;
  /** Handed to the transport, each as a frame. */
  delivered: number;
  /** Replaced by a newer one, and announced. */
  conflated: number;
  /** Not matching the subscription's filter, and announced. */
  filtered: number;
  /** No longer kept when the subscriber could have had them, and announced. */
  missed: number;
  /** Not yet decided. */
  pending: number;
};

export function emptyLedger(): Ledger {
  return { published: 0, delivered: 0, conflated: 0, filtered: 0, missed: 0, pending: 0 };
}

/** Adds `more` to `sum`, in place. */
export function addLedger(sum: Ledger, more: Readonly<Ledger>): Ledger {
  sum.published += more.published;
  sum.delivered += more.delivered;
  sum.conflated += more.conflated;
  sum.filtered += more.filtered;
  sum.missed += more.missed;
  sum.pending += more.pending;
  return sum;
}

/** 0 when the ledger adds up. */
export function imbalance({ published, delivered, conflated, filtered, missed, pending }: Readonly<Ledger>): number {
  return published - delivered - conflated - filtered - missed - pending;
}
