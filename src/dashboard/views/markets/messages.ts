/** The market messages as this view reads them: whatever a feed sends, only what is of the right type is shown. */

import { field, numberIn, textIn } from '../../format.ts';

export type Quote = { readonly bid: number; readonly ask: number; readonly bidQty: number; readonly askQty: number };

/** A price of 0 says that this side of the book is empty; NaN here, as is one that is none. */
export function quoteOf(data: unknown): Quote {
  const price = (name: string) => numberIn(field(data, name)) || Number.NaN;
  const size = (name: string) => numberIn(field(data, name)) ?? Number.NaN;
  return { bid: price('bid'), ask: price('ask'), bidQty: size('bidQty'), askQty: size('askQty') };
}

/** NaN where a side is empty. */
export function midOf({ bid, ask }: Quote): number {
  return (bid + ask) / 2;
}

export type Ticker = { readonly last: number; readonly changePct: number; readonly volume: number };

export function tickerOf(data: unknown): Ticker {
  const read = (name: string) => numberIn(field(data, name)) ?? Number.NaN;
  return { last: read('last'), changePct: read('changePct'), volume: read('vol') };
}

export type Status = {
  readonly state: string;
  readonly reason: string | undefined;
  readonly until: number | undefined;
};

export function statusOf(data: unknown): Status {
  return {
    state: textIn(field(data, 'state')) ?? 'open',
    reason: textIn(field(data, 'reason')),
    until: numberIn(field(data, 'until')),
  };
}

export function isTrading({ state }: Status): boolean {
  return state === 'open' || state === 'limit';
}

export type Bar = { start: number; o: number; h: number; l: number; c: number; v: number };

/** Undefined when it is none that can be drawn. */
export function barOf(data: unknown): Bar | undefined {
  const read = (name: string) => numberIn(field(data, name)) ?? Number.NaN;
  const bar = { start: read('start') / 1000, o: read('o'), h: read('h'), l: read('l'), c: read('c'), v: read('v') };
  return [bar.start, bar.o, bar.h, bar.l, bar.c].every(Number.isFinite) ? bar : undefined;
}
