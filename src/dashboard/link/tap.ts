/** What one widget subscribes to: it outlives clients, follows the page's pace, and knows how good its picture is. */

import { signal } from '@preact/signals';
import type { Client, Message, Quality, SubscribeOptions, Subscription } from '../../client/index.ts';
import { TickwireError } from '../../client/index.ts';
import type { Pace } from './pace.ts';

/** What a badge shows. Rates are of the last second. */
export type TapReading = {
  readonly quality: Quality;
  /** Of the newest event, integer microseconds since 1970; 0 before the first. */
  readonly newestTs: number;
  readonly perSec: number;
  /** Left out before what came, since the tap was opened. */
  readonly conflated: number;
  /** As the server grants it, updates per second and topic; 0: all. */
  readonly grantedRate: number;
  readonly topics: number;
  /** Why the server refused it. */
  readonly refusal: string | undefined;
};

export class Tap {
  readonly pattern: string;
  readonly reading = signal<TapReading>(nothingYet);
  readonly #hear: (message: Message) => void;
  readonly #options: SubscribeOptions;
  readonly #topics = new Set<string>();
  #subscription: Subscription | undefined;
  #newestTs = 0;
  #updates = 0;
  #conflated = 0;
  #grantedRate = 0;
  #refusal: string | undefined;

  constructor(pattern: string, hear: (message: Message) => void, options: SubscribeOptions) {
    this.pattern = pattern;
    this.#hear = hear;
    this.#options = options;
  }

  /** Subscribes with this client from now on. */
  attach(client: Client, pace: Pace): void {
    const options = { ...this.#options, ...(pace.maxRate !== null && { maxRate: this.#rate(pace.maxRate) }) };
    this.#refusal = undefined;
    let subscription: Subscription;
    try {
      subscription = client.subscribe(this.pattern, (message) => this.#take(message), options);
    } catch (fault) {
      // A symbol may be called what no topic can: whoever looks is told, and the rest of the page goes on.
      if (!(fault instanceof TickwireError)) throw fault;
      this.#refuse(fault.message);
      return;
    }
    this.#subscription = subscription;
    subscription.ready.then(
      ({ maxRate }) => {
        this.#grantedRate = maxRate;
      },
      (fault: unknown) => {
        if (this.#subscription === subscription && isRefusal(fault)) this.#refuse(fault.message);
      },
    );
    if (pace.isPaused) subscription.pause().catch(ignored);
  }

  /** CHANGE of the live subscription. */
  follow(pace: Pace): void {
    const subscription = this.#subscription;
    const maxRate = pace.maxRate === null ? (this.#options.maxRate ?? null) : this.#rate(pace.maxRate);
    subscription?.change({ maxRate, paused: pace.isPaused }).then((granted) => {
      this.#grantedRate = granted.maxRate;
    }, ignored);
  }

  /** Brings `reading` up to date; called about once a second, `seconds` after the last time. */
  measure(seconds: number): void {
    const perSec = this.#updates / seconds;
    this.#updates = 0;
    const next: TapReading = {
      quality: this.quality,
      newestTs: this.#newestTs,
      perSec,
      conflated: this.#conflated,
      grantedRate: this.#grantedRate,
      topics: this.#topics.size,
      refusal: this.#refusal,
    };
    if (!isSame(this.reading.peek(), next)) this.reading.value = next;
  }

  /** Its quality changed, which a badge shows at once. */
  requalify(): void {
    const { quality } = this;
    if (this.reading.peek().quality === quality) return;
    this.reading.value = { ...this.reading.peek(), quality, topics: this.#topics.size, newestTs: this.#newestTs };
  }

  get quality(): Quality {
    return this.#subscription?.state ?? 'recovering';
  }

  qualityOf(topic: string): Quality | undefined {
    return this.#subscription?.stateOf(topic);
  }

  close(): void {
    this.#subscription?.unsubscribe();
    this.#subscription = undefined;
  }

  #take(message: Message): void {
    this.#updates++;
    this.#conflated += message.conflated ?? 0;
    if (message.ts > this.#newestTs) this.#newestTs = message.ts;
    this.#topics.add(message.topic);
    this.#hear(message);
  }

  #refuse(why: string): void {
    this.#refusal = why;
    this.reading.value = { ...this.reading.peek(), refusal: why };
  }

  #rate(maxRate: number): number {
    return Math.min(maxRate, this.#options.maxRate ?? maxRate);
  }
}

const nothingYet: TapReading = {
  quality: 'recovering',
  newestTs: 0,
  perSec: 0,
  conflated: 0,
  grantedRate: 0,
  topics: 0,
  refusal: undefined,
};

function isSame(a: TapReading, b: TapReading): boolean {
  return (Object.keys(b) as (keyof TapReading)[]).every((name) => a[name] === b[name]);
}

/** Its end with the client is told elsewhere; a refusal concerns this subscription alone. */
function isRefusal(fault: unknown): fault is TickwireError {
  return fault instanceof TickwireError && fault.reason !== 'closed' && fault.reason !== 'givenUp';
}

function ignored(): void {} // the client reports it by its `error` event, or the connection is gone and comes back
