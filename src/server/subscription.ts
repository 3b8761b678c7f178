/** One subscription of a session: a pattern, what is wanted of it, and how it is served. */

import {
  addLedger,
  emptyLedger,
  type Hub,
  type Ledger,
  type Member,
  type Sink,
  type Start,
  type Stream,
  type TopicState,
  type View,
  viewKey,
  viewOf,
} from '../bus/index.ts';
import { type Change, changed, type Encoding, type Since, type ViewRequest } from '../protocol/index.ts';
import { checkFields } from './view-check.ts';

export type SubscriptionWish = {
  readonly patterns: readonly string[];
  readonly view: ViewRequest;
  readonly withRows: boolean;
  readonly since?: Since | undefined;
};

/** Where a subscription's frames go, and how. */
export type SubscriptionParts = { readonly hub: Hub; readonly sink: Sink; readonly encoding: Encoding };

export class Subscription {
  readonly #parts: SubscriptionParts;
  readonly #withRows: boolean;
  readonly #patterns: readonly string[];
  #wish: ViewRequest;
  #view: View;
  #member: Member;
  /** What became of publications before its view was changed. */
  readonly #before = emptyLedger();

  /** Throws ProtocolError for a view that makes no sense on these patterns. Nothing is sent until it is joined. */
  constructor(parts: SubscriptionParts, { patterns, view, withRows, since }: SubscriptionWish, isSlow: boolean) {
    this.#parts = parts;
    this.#patterns = patterns;
    this.#withRows = withRows || view.delta === true; // a change needs something to change
    this.#wish = view;
    this.#view = this.#checked(view);
    this.#member = this.#subscribe({ withRows: this.#withRows, since }, isSlow ? 'slow' : 'settling');
  }

  get member(): Member {
    return this.#member;
  }

  get patterns(): readonly string[] {
    return this.#patterns;
  }

  get stream(): Stream {
    return this.#member.stream;
  }

  /** Effective updates per second and topic; 0: as they come. */
  get rate(): number {
    return this.#view.maxRate ?? 0;
  }

  /**
   * Serves it otherwise from now on, with nothing lost between. Throws ProtocolError, and changes nothing, for a view
   * that makes no sense. `same`: the stream is the one it was on.
   */
  change(change: Change, isSlow: boolean): 'same' | 'new' {
    const wish = changed(this.#wish, change);
    const view = this.#checked(wish);
    const isPaused = change.paused ?? this.#member.isPaused;
    if (viewKey(view) === viewKey(this.#view)) {
      if (isPaused) this.#member.hold('paused');
      else this.#member.resume();
      return 'same';
    }
    const refresh = looks(view) !== looks(this.#view);
    this.#member.hold(isPaused ? 'paused' : 'slow');
    const from = this.#member.handOver();
    const former = this.#member;
    this.#wish = wish;
    this.#view = view;
    this.#member = this.#subscribe(
      { withRows: this.#withRows, from, refresh },
      isPaused ? 'paused' : isSlow ? 'slow' : 'settling',
    );
    this.#close(former);
    return 'new';
  }

  ledger(): Ledger {
    return addLedger(this.#member.ledger(), this.#before);
  }

  /** Whether it carries this topic. */
  carries(topic: TopicState): boolean {
    return this.stream.cellOf(topic) !== undefined;
  }

  leave(): void {
    this.#close(this.#member);
  }

  #close(member: Member): void {
    const ledger = member.ledger();
    ledger.published -= ledger.pending; // what was not told goes on with who comes next, or concerns nobody
    ledger.pending = 0;
    addLedger(this.#before, ledger);
    this.#parts.hub.leave(member);
  }

  #checked(wish: ViewRequest): View {
    const view = viewOf(this.#parts.encoding, wish);
    checkFields(view, this.#patterns, this.#parts.hub);
    return view;
  }

  #subscribe(start: Start, why: 'slow' | 'paused' | 'settling'): Member {
    return this.#parts.hub.subscribe(this.#patterns, this.#view, this.#parts.sink, start, why);
  }
}

/** What of a view decides how values look or are told, so that a change of it calls for the state anew. */
function looks({ fields, filter, delta }: View): string {
  return JSON.stringify([fields, filter?.text, delta]);
}
