/** One venue as it is now: a listing for each symbol. */

import { signal } from '@preact/signals';
import type { Message } from '../../../client/index.ts';
import { TimeSeries } from '../../draw/time-series.ts';
import { field, textIn } from '../../format.ts';
import { barOf, midOf, type Quote, quoteOf, type Status, statusOf, type Ticker, tickerOf } from './messages.ts';

export type Listing = {
  readonly symbol: string;
  name: string;
  quote: Quote;
  ticker: Ticker;
  status: Status;
  /** One price a minute, and the newest. */
  readonly spark: TimeSeries;
  /** Which way the middle moved last, since it was last drawn. */
  moved: 'up' | 'down' | undefined;
  /** Set while a row shows it. */
  touch: (() => void) | undefined;
};

export class Market {
  /** In the order in which they became known; replaced when one is added. */
  readonly symbols = signal<readonly string[]>([]);
  /** Grows with each change of any status. */
  readonly statusChanges = signal(0);
  readonly #listings = new Map<string, Listing>();
  #fresh: string[] = [];

  listing(symbol: string): Listing | undefined {
    return this.#listings.get(symbol);
  }

  halted(): readonly Listing[] {
    return [...this.#listings.values()].filter(({ status }) => status.state !== 'open');
  }

  readonly hearInstrument = (message: Message): void => {
    if (message.type !== 'value' || message.key === undefined) return;
    const listing = this.#listingOf(message.key);
    listing.name = textIn(field(message.data, 'name')) ?? '';
    listing.touch?.();
  };

  readonly hear = (message: Message): void => {
    const [, , symbol, what] = message.topic.split('.');
    if (message.type !== 'value' || symbol === undefined) return;
    const listing = this.#listingOf(symbol);
    switch (what) {
      case 'quote':
        this.#quoted(listing, quoteOf(message.data));
        break;
      case 'ticker':
        listing.ticker = tickerOf(message.data);
        break;
      case 'status':
        listing.status = statusOf(message.data);
        this.statusChanges.value++;
        break;
      case 'bar':
        this.#barred(listing, message.data);
        break;
      default:
        return;
    }
    listing.touch?.();
  };

  #quoted(listing: Listing, quote: Quote): void {
    const before = midOf(listing.quote);
    const now = midOf(quote);
    if (now > before) listing.moved = 'up';
    else if (now < before) listing.moved = 'down';
    listing.quote = quote;
  }

  #barred({ spark }: Listing, data: unknown): void {
    const bar = barOf(data);
    if (bar !== undefined) spark.push(bar.start, bar.c);
  }

  #listingOf(symbol: string): Listing {
    const known = this.#listings.get(symbol);
    if (known !== undefined) return known;
    const listing: Listing = {
      symbol,
      name: '',
      quote: quoteOf(undefined),
      ticker: tickerOf(undefined),
      status: statusOf(undefined),
      spark: new TimeSeries(1, sparkSpanMs, sparkPoints),
      moved: undefined,
      touch: undefined,
    };
    this.#listings.set(symbol, listing);
    // Sixty symbols become known in one message: the list is made once behind it.
    if (this.#fresh.push(symbol) === 1) queueMicrotask(() => this.#tellFresh());
    return listing;
  }

  #tellFresh(): void {
    this.symbols.value = [...this.symbols.peek(), ...this.#fresh];
    this.#fresh = [];
  }
}

const sparkSpanMs = 3_600_000;
const sparkPoints = 120;
