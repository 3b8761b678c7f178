/** What load clients say, in the encoding of the plan. */

import { type ClientFrame, encodeClientFrame, matches, type Position } from '../../../src/protocol/index.ts';
import type { CrewPlan } from './worker-protocol.ts';

/** Each kind of request has one number, so an answer tells what it is for. */
export const requests = { hello: 1, subscribe: 2, unsubscribe: 3, verify: 4 } as const;

/** By topic. */
export type Positions = Readonly<Record<string, Position>>;

export class ClientMessages {
  readonly #plan: CrewPlan;

  constructor(plan: CrewPlan) {
    this.#plan = plan;
  }

  hello(): Uint8Array {
    return this.#encode({ op: 'hello', id: requests.hello, options: { sdk: 'tickwire-bench' } });
  }

  /** One subscription for each pattern, numbered from `firstSid` on. */
  subscribe(connection: number, firstSid: number, positions?: Positions): Uint8Array {
    const { maxRate } = this.#plan;
    const subscriptions = this.#patterns(connection).map((pattern, i) => ({
      sid: firstSid + i,
      pattern,
      ...(maxRate === undefined ? {} : { maxRate }),
      ...(positions === undefined ? {} : { since: { positions: selected(positions, pattern) } }),
    }));
    return this.#encode({ op: 'subscribe', id: requests.subscribe, subscriptions });
  }

  unsubscribe(firstSid: number): Uint8Array {
    const sids = this.#plan.patterns.map((_, i) => firstSid + i);
    return this.#encode({ op: 'unsubscribe', id: requests.unsubscribe, sids });
  }

  snapshot(connection: number, firstSid: number, topic: string): Uint8Array {
    const sid = firstSid + this.#patterns(connection).findIndex((pattern) => matches(pattern, topic));
    return this.#encode({ op: 'verify', id: requests.verify, sid, topic, want: 'snapshot' });
  }

  #patterns(connection: number): string[] {
    const { patterns, topics } = this.#plan;
    return patterns.map((pattern) => pattern.replaceAll('{n}', `${connection % Math.max(1, topics)}`));
  }

  #encode(frame: ClientFrame): Uint8Array {
    if (this.#plan.encoding === 'msgpack') return Uint8Array.from(encodeClientFrame(frame));
    return Buffer.from(JSON.stringify(frame));
  }
}

function selected(positions: Positions, pattern: string): Positions {
  return Object.fromEntries(Object.entries(positions).filter(([topic]) => matches(pattern, topic)));
}
