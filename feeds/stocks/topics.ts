import type { Publish } from '../../src/feed/define-feed.ts';
import { barMessage, instrumentMessage, quoteMessage, tickerMessage, tradeMessage } from './messages.ts';

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
    // About one change a second is normal; under the calm profile a quiet symbol was seen silent for a minute.
    maxSilenceMs: 120_000,
  },
  'market.sim.{symbol}.trade': {
    schema: tradeMessage,
    kind: 'event',
    description: 'Every trade, at the bid or the ask of the quote before it.',
  },
  'market.sim.{symbol}.bar.1m': {
    schema: barMessage,
    kind: 'latest',
    description: 'One-minute bars: the open one at most once a second, then once closed.',
  },
  'market.sim.{symbol}.ticker': {
    schema: tickerMessage,
    kind: 'latest',
    description: 'The day so far, once a second.',
    maxSilenceMs: 5_000, // five missed beats
  },
} as const;

export type StockPublish = Publish<typeof stockTopics>;
