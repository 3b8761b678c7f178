/** Sees to it that what a subscription holds is what the server holds: compares, and has the server's state sent anew. */

import { TickwireError } from './errors.ts';
import { holdsState } from './intake.ts';
import type { Question } from './requests.ts';
import type { Route } from './route.ts';
import type { Doubt } from './route-owner.ts';
import type { Verification } from './subscription.ts';
import type { CancelTimer, Time } from './time.ts';

export type VerifierParts = {
  readonly sid: number;
  readonly routes: ReadonlyMap<string, Route>;
  /** One topic after the other by itself; undefined: only when told to. */
  readonly everyMs: number | undefined;
  readonly time: Time;
  readonly ask: (question: Question) => void;
  readonly repaired: (topic: string) => void;
  /** A topic could not be set right. */
  readonly failed: (why: TickwireError) => void;
};

const answerTimeoutMs = 10_000; // an answer takes one round trip; by then the network or the server is in trouble
const maxTries = 3; // a snapshot meant for another subscription may come between; more than once is odd

export class Verifier {
  readonly #parts: VerifierParts;
  readonly #waiting = new Map<Route, ((why?: TickwireError) => void)[]>();
  #turn = 0;
  #cancelTimer: CancelTimer = () => {};

  constructor(parts: VerifierParts) {
    this.#parts = parts;
    this.#schedule();
  }

  /** By checksum at one position. Resolves when the topic is right, however it became so. */
  verify(route: Route): Promise<Verification> {
    const topic = route.topic.name;
    return new Promise((resolve, reject) => {
      this.#ask(topic, `verify ${topic}`, 'checksum', reject, (answer) => {
        if (answer.op !== 'checksum') return reject(unreadable(topic));
        const { seq, crc, rows } = answer;
        if (route.agrees(seq, crc, rows)) resolve({ ok: true, rows, repaired: false });
        else this.#afterRepair(route, (why) => (why ? reject(why) : resolve({ ok: false, rows, repaired: true })));
      });
    });
  }

  /** Has the topic's state sent anew; what comes goes to the route by itself. */
  repair(route: Route, why: Doubt, triesLeft = maxTries - 1): void {
    const topic = route.topic.name;
    const fail = (why: TickwireError) => this.#failed(route, why);
    this.#ask(topic, `snapshot of ${topic}`, 'snapshot', fail, () => {
      if (!route.isInDoubt) this.#mended(route, why);
      else if (triesLeft > 0) this.repair(route, why, triesLeft - 1);
      else fail(unreadable(topic));
    });
  }

  /** The end. */
  stop(): void {
    this.#cancelTimer();
  }

  #schedule(): void {
    const { everyMs, time } = this.#parts;
    if (everyMs === undefined) return;
    this.#cancelTimer = time.after(everyMs, () => {
      this.#schedule();
      this.#verifyNext();
    });
  }

  /** What is not up to date is left for another time: it is about to be replaced anyway. */
  #verifyNext(): void {
    const routes = [...this.#parts.routes.values()].filter(({ kind, isSettled, owner }) => {
      return holdsState(kind) && isSettled && !owner.isPaused;
    });
    const route = routes[this.#turn++ % Math.max(1, routes.length)];
    if (route === undefined) return;
    this.verify(route).catch((why: TickwireError) => {
      if (why.retryable || why.reason === 'closed' || route.owner.isPaused) return; // its turn comes again, or never
      this.#parts.failed(why);
    });
  }

  #ask(
    topic: string,
    about: string,
    want: 'checksum' | 'snapshot',
    failed: Question['failed'],
    answered: Question['answered'],
  ): void {
    const { sid, ask } = this.#parts;
    const frame: Question['frame'] = (id) => ({ op: 'verify', id, sid, topic, want });
    ask({ about, frame, answered, failed, isFleeting: true, timeoutMs: answerTimeoutMs });
  }

  #afterRepair(route: Route, then: (why?: TickwireError) => void): void {
    this.#waiting.set(route, [...(this.#waiting.get(route) ?? []), then]);
  }

  #mended(route: Route, why: Doubt): void {
    if (why === 'to repair') this.#parts.repaired(route.topic.name);
    this.#release(route);
  }

  #failed(route: Route, why: TickwireError): void {
    route.giveUp();
    this.#release(route, why);
    const isNoWonder = why.reason === 'connectionLost' || why.reason === 'closed' || route.owner.isPaused;
    if (!isNoWonder) this.#parts.failed(why);
  }

  #release(route: Route, why?: TickwireError): void {
    const waiting = this.#waiting.get(route) ?? [];
    this.#waiting.delete(route);
    for (const then of waiting) then(why);
  }
}

function unreadable(topic: string): TickwireError {
  return new TickwireError('unreadable', `${topic}: the server's answer does not fit the question`);
}
