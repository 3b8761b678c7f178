import { defineFeed } from '../../src/feed/index.ts';
import { stocksConfig } from './config.ts';
import { Market, type StocksContext } from './market.ts';
import { stockTopics } from './topics.ts';

/** A simulated stock market: instruments, quotes, trades, one-minute bars and tickers that agree with each other. */
export const stocks = defineFeed({
  name: 'stocks',
  description: 'A simulated stock market with the statistics of a real one, seeded.',
  config: stocksConfig,
  topics: stockTopics,
  demand: 'always', // a world whose history counts goes on while nobody looks: bars and the day's range miss no trade
  every: ({ stepMs }) => stepMs,
  setup: (context: StocksContext) => new Market(context),
  tick: ({ clock }, market) => market.advanceTo(clock.now()),
});
