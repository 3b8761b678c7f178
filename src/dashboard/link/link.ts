/** The page's way to its server: one client after the other, and all that is tapped on it. */

import { type Signal, signal } from '@preact/signals';
import {
  type Client,
  type ConnectionState,
  connect,
  type Message,
  type StepChange,
  type SubscribeOptions,
  type TickwireError,
} from '../../client/index.ts';
import { Meter, meteredSocket } from './meter.ts';
import { Notices } from './notices.ts';
import { type Pace, paceOf } from './pace.ts';
import { Tap } from './tap.ts';
import { type Trouble, troubleOf, unauthorizedCode } from './trouble.ts';

export type LinkWish = { readonly token?: string | undefined; readonly maxBytesPerSec?: number | undefined };

export class Link {
  readonly url: string;
  readonly state: Signal<ConnectionState>;
  readonly step = signal<StepChange>({ step: 'full', maxRate: 0, reason: '' });
  readonly trouble = signal<Trouble | undefined>(undefined);
  readonly reconnects = signal(0);
  /** Grows with each topic that becomes known, or known anew. */
  readonly topicsSeen = signal(0);
  readonly meter = new Meter();
  readonly notices = new Notices();
  readonly wish = signal<LinkWish>({});
  readonly #taps = new Set<Tap>();
  readonly #socket = meteredSocket(this.meter);
  #client: Client;
  #pace: Pace = { maxRate: null, isPaused: false };
  #hasBeenOpen = false;

  constructor(url: string, wish: LinkWish = {}) {
    this.url = url;
    this.wish.value = wish;
    this.state = signal<ConnectionState>({ name: 'connecting', attempt: 1, url });
    this.#client = this.#connect();
  }

  /** For questions that a tap can't ask: history, ping, ledgers. */
  get client(): Client {
    return this.#client;
  }

  /** The server's time in milliseconds since 1970: the clock of whoever looks may be hours off. */
  now(): number {
    return this.#client.serverNow();
  }

  tap<T = unknown>(pattern: string, hear: (message: Message<T>) => void, options: SubscribeOptions = {}): Tap {
    const tap = new Tap(pattern, hear as (message: Message) => void, options); // the caller's word for the payload
    this.#taps.add(tap);
    if (this.state.peek().name !== 'closed') tap.attach(this.#client, this.#pace);
    return tap;
  }

  /** Twice is harmless. */
  untap(tap: Tap): void {
    if (this.#taps.delete(tap)) tap.close();
  }

  /** Every live subscription follows. */
  setPace(wishedRate: number | null, isPaused: boolean, isHidden: boolean): void {
    const pace = paceOf(wishedRate, isPaused, isHidden);
    if (pace.maxRate === this.#pace.maxRate && pace.isPaused === this.#pace.isPaused) return;
    this.#pace = pace;
    for (const tap of this.#taps) tap.follow(pace);
  }

  /** A new client in place of the old one; whoever taps does not notice but by `recovering`. */
  restart(wish: LinkWish = this.wish.peek()): void {
    this.wish.value = wish;
    for (const tap of this.#taps) tap.close();
    this.#client.close();
    this.trouble.value = undefined;
    this.step.value = { step: 'full', maxRate: 0, reason: '' };
    this.#client = this.#connect();
    for (const tap of this.#taps) tap.attach(this.#client, this.#pace);
  }

  /** Brings all readings up to date. */
  measure(seconds: number): void {
    for (const tap of this.#taps) tap.measure(seconds);
    this.notices.show();
  }

  get taps(): Iterable<Tap> {
    return this.#taps;
  }

  #connect(): Client {
    const { token, maxBytesPerSec } = this.wish.peek();
    const client = connect(this.url, {
      WebSocket: this.#socket,
      ...(token !== undefined && { token }),
      ...(maxBytesPerSec !== undefined && { maxBytesPerSec }),
    });
    const hear = <Event extends Parameters<Client['on']>[0]>(
      event: Event,
      listener: Parameters<typeof client.on<Event>>[1],
    ) => {
      client.on(event, ((value: never) => {
        if (client === this.#client) (listener as (value: never) => void)(value);
      }) as Parameters<typeof client.on<Event>>[1]);
    };
    hear('state', (state) => this.#entered(state));
    hear('error', (error) => this.#failed(error));
    hear('givenUp', (ending) => {
      this.trouble.value = troubleOf(ending);
    });
    hear('draining', () => {
      this.trouble.value = { name: 'draining' };
    });
    hear('step', (step) => {
      this.step.value = step;
      this.notices.add('step', `${step.step}${step.reason === '' ? '' : `: ${step.reason}`}`);
    });
    hear('topic', () => {
      this.topicsSeen.value++;
    });
    hear('quality', ({ pattern }) => {
      for (const tap of this.#taps) if (tap.pattern === pattern) tap.requalify();
    });
    hear('skipped', ({ topic, from, to, count, reason }) => {
      this.notices.add('skipped', `${topic} ${from}–${to}: ${count} left out (${reason})`, count);
    });
    hear('gap', ({ topic, fromSeq, toSeq }) => this.notices.add('gap', `${topic} ${fromSeq}–${toSeq} lost`));
    hear('epoch', ({ topic }) => this.notices.add('epoch', `${topic} began anew`));
    hear('repaired', ({ topic }) => this.notices.add('repaired', `${topic} was repaired`));
    hear('recovered', ({ pattern, topics, recovered }) => {
      this.notices.add('recovered', `${pattern}: ${recovered} of ${topics} topics without a loss`);
    });
    return client;
  }

  #entered(state: ConnectionState): void {
    this.state.value = state;
    if (state.name === 'open') {
      if (this.#hasBeenOpen) this.reconnects.value++;
      this.#hasBeenOpen = true;
      this.trouble.value = undefined;
      this.step.value = { step: 'full', maxRate: 0, reason: '' };
      this.notices.add('connection', 'open');
    } else if (state.name === 'waiting') {
      this.trouble.value = { name: 'unreachable', hasBeenOpen: this.#hasBeenOpen, until: state.until };
      this.notices.add('connection', `lost: ${state.reason || 'no reason'} (${state.code})`);
    }
    for (const tap of this.#taps) tap.requalify();
  }

  #failed(error: TickwireError): void {
    if (error.reason === 'unauthorized')
      this.trouble.value = troubleOf({ code: unauthorizedCode, reason: error.message });
    this.notices.add('error', error.message);
  }
}
