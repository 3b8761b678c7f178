import type { Publish } from '../../src/feed/define-feed.ts';
import {
  barMessage,
  bookMessage,
  instrumentMessage,
  quoteMessage,
  statusMessage,
  tickerMessage,
  tradeMessage,
} from './messages.ts';

/** What the simulated market publishes. A real venue has the same topics with its own name for `sim`. */
export const stockTopics = {
  'market.sim.instruments': {
    schema: instrumentMessage,
    kind: 'keyed',
    description: 'Reference data, one row for each symbol.',
  },
  'market.sim.{symbol}.quote': {
    schema: quoteMessage,
    kind: 'latest',
    description: 'Best bid and ask, published when they change.',
    // About one change a second is normal, and under the calm profile a minute of silence; yet a halt lasts longer.
    maxSilenceMs: 420_000,
  },
  'market.sim.{symbol}.book': {
    schema: bookMessage,
    kind: 'keyed',
    description: 'Price levels, ten a side at most. The best are the quote; keys like b18750 say side and ticks.',
    maxSilenceMs: 420_000, // as the quote
  },
  'market.sim.{symbol}.trade': {
    schema: tradeMessage,
    kind: 'event',
    description: 'Every trade, at the bid or the ask of the quote before it.',
  },
  'market.sim.{symbol}.bar.1m': {
    schema: barMessage,
    kind: 'latest',
    description: 'One-minute bars, each once when it is closed.',
    // A day of them, and a little more for a market that has opened with a past.
    history: { maxCount: 1500, maxBytes: 448 * 1024, maxAgeMs: 86_400_000 },
  },
  'market.sim.{symbol}.bar.now': {
    schema: barMessage,
    kind: 'latest',
    description: 'The minute that is not over: its bar so far, at most once a second.',
  },
  'market.sim.{symbol}.ticker': {
    schema: tickerMessage,
    kind: 'latest',
    description: 'The day so far, once a second.',
    maxSilenceMs: 5_000, // five missed beats
  },
  'market.sim.{symbol}.status': {
    schema: statusMessage,
    kind: 'latest',
    description: 'Open, at its limit, halted or reopening; the band within which it may trade.',
    maxSilenceMs: 420_000, // bands move every half minute, but not in a halt
  },
} as const;

export type StockPublish = Publish<typeof stockTopics>;
