/** One subscription of a session: a pattern, what is wanted of it, and how it is served. */

import {
  addLedger,
  type Hub,
  isPlain,
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

const plain: ViewRequest = {};

export class Subscription {
  readonly #hub: Hub;
  readonly #sink: Sink;
  readonly #withRows: boolean;
  #wish: ViewRequest;
  #member: Member;
  /** What became of publications before its view was changed, where it was. */
  #before: Ledger | undefined;

  /** Throws ProtocolError for a view that makes no sense on these patterns. Nothing is sent until it is joined. */
  constructor({ hub, sink, encoding }: SubscriptionParts, wish: SubscriptionWish, isSlow: boolean) {
    const { patterns, view, withRows, since } = wish;
    this.#hub = hub;
    this.#sink = sink;
    this.#withRows = withRows || view.delta === true; // a change needs something to change
    this.#wish = isPlain(view) ? plain : view; // one for all who want the same, for there are many
    const checked = this.#checked(encoding, view, patterns);
    this.#member = this.#subscribe(
      patterns,
      checked,
      { withRows: this.#withRows, since },
      isSlow ? 'slow' : 'settling',
    );
  }

  get member(): Member {
    return this.#member;
  }

  get patterns(): readonly string[] {
    return this.stream.patterns;
  }

  get stream(): Stream {
    return this.#member.stream;
  }

  /** Effective updates per second and topic; 0: as they come. */
  get rate(): number {
    return this.stream.view.maxRate ?? 0;
  }

  /**
   * Serves it otherwise from now on, with nothing lost between. Throws ProtocolError, and changes nothing, for a view
   * that makes no sense. `same`: the stream is the one it was on.
   */
  change(change: Change, isSlow: boolean): 'same' | 'new' {
    const wish = changed(this.#wish, change);
    const { view: before, patterns } = this.stream;
    const view = this.#checked(before.encoding, wish, patterns);
    const isPaused = change.paused ?? this.#member.isPaused;
    if (viewKey(view) === viewKey(before)) {
      if (isPaused) this.#member.hold('paused');
      else this.#member.resume();
      return 'same';
    }
    const refresh = looks(view) !== looks(before);
    this.#member.hold(isPaused ? 'paused' : 'slow');
    const from = this.#member.handOver();
    const former = this.#member;
    this.#wish = wish;
    this.#member = this.#subscribe(
      patterns,
      view,
      { withRows: this.#withRows, from, refresh },
      isPaused ? 'paused' : isSlow ? 'slow' : 'settling',
    );
    this.#close(former);
    return 'new';
  }

  ledger(): Ledger {
    const ledger = this.#member.ledger();
    return this.#before === undefined ? ledger : addLedger(ledger, this.#before);
  }

  /** Whether it carries this topic. */
  carries(topic: TopicState): boolean {
    return this.stream.cellOf(topic) !== undefined;
  }

  /** The end, and what became of every publication until then; nothing may be asked of it afterwards. */
  leave(): Ledger {
    return this.#close(this.#member);
  }

  #close(member: Member): Ledger {
    this.#hub.leave(member); // first: what its stream holds is still delivered
    const ledger = member.ledger();
    this.#before = this.#before === undefined ? ledger : addLedger(this.#before, ledger);
    return this.#before;
  }

  #checked(encoding: Encoding, wish: ViewRequest, patterns: readonly string[]): View {
    const view = viewOf(encoding, wish);
    checkFields(view, patterns, this.#hub);
    return view;
  }

  #subscribe(patterns: readonly string[], view: View, start: Start, why: 'slow' | 'paused' | 'settling'): Member {
    return this.#hub.subscribe(patterns, view, this.#sink, start, why);
  }
}

/** What of a view decides how values look or are told, so that a change of it calls for the state anew. */
function looks({ fields, filter, delta }: View): string {
  return JSON.stringify([fields, filter?.text, delta]);
}
