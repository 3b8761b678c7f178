/** Questions to the server, each settled exactly once; what may be asked twice is asked again on the next connection. */

import type { ClientFrame, FrameOf, ServerFrame } from '../protocol/frames.ts';
import { TickwireError } from './errors.ts';
import type { CancelTimer, Time } from './time.ts';

export type Answer = FrameOf<ServerFrame, 'ok' | 'checksum' | 'subscribed'>;

export type Question = {
  /** For people, in what goes wrong. */
  readonly about: string;
  readonly frame: (id: number) => ClientFrame;
  /** Called before any frame behind the answer is looked at. */
  readonly answered: (answer: Answer) => void;
  readonly failed: (why: TickwireError) => void;
  /** Whom it is asked for: it ends with its owner. */
  readonly owner?: object;
  /** Of no use on another connection. */
  readonly isFleeting?: boolean;
  readonly timeoutMs?: number;
};

export type RequestsParts = {
  readonly time: Time;
  readonly nextId: () => number;
  readonly send: (frame: ClientFrame) => void;
};

export class Requests {
  readonly #parts: RequestsParts;
  /** In the order in which they were asked. */
  readonly #open = new Map<Question, CancelTimer>();
  readonly #byId = new Map<number, Question>();
  #isConnected = false;

  constructor(parts: RequestsParts) {
    this.#parts = parts;
  }

  ask(question: Question): void {
    const { about, isFleeting, timeoutMs, failed } = question;
    if (!this.#isConnected && isFleeting === true) {
      failed(new TickwireError('notConnected', `${about}: there is no connection`));
      return;
    }
    const isTimed = timeoutMs !== undefined;
    this.#open.set(question, isTimed ? this.#parts.time.after(timeoutMs, () => this.#late(question)) : () => {});
    if (this.#isConnected) this.#send(question);
  }

  /** A connection is there. */
  opened(): void {
    this.#isConnected = true;
    for (const question of this.#open.keys()) this.#send(question);
  }

  down(): void {
    this.#isConnected = false;
    this.#byId.clear();
    for (const question of [...this.#open.keys()]) {
      if (question.isFleeting !== true) continue;
      this.#fail(question, new TickwireError('connectionLost', `${question.about}: the connection was lost`));
    }
  }

  /** Its owner is gone. */
  drop(owner: object, why: TickwireError): void {
    for (const question of [...this.#open.keys()]) if (question.owner === owner) this.#fail(question, why);
  }

  /** The end of all. */
  close(why: TickwireError): void {
    this.#isConnected = false;
    for (const question of [...this.#open.keys()]) this.#fail(question, why);
  }

  /** False when nothing of this id was asked here. */
  answered(answer: Answer): boolean {
    const question = this.#byId.get(answer.id);
    if (question === undefined) return false;
    this.#byId.delete(answer.id);
    if (this.#forget(question)) question.answered(answer);
    return true;
  }

  /** False when nothing of this id was asked here. */
  refused(frame: FrameOf<ServerFrame, 'error'>): boolean {
    const question = frame.id === null ? undefined : this.#byId.get(frame.id);
    if (frame.id === null || question === undefined) return false;
    this.#byId.delete(frame.id);
    this.#fail(question, new TickwireError(frame, `${question.about}: ${frame.message}`));
    return true;
  }

  #send(question: Question): void {
    const id = this.#parts.nextId();
    this.#byId.set(id, question);
    this.#parts.send(question.frame(id));
  }

  #late(question: Question): void {
    const message = `${question.about}: no answer within ${question.timeoutMs} ms (timeoutMs)`;
    this.#fail(question, new TickwireError('timeout', message));
  }

  #fail(question: Question, why: TickwireError): void {
    if (this.#forget(question)) question.failed(why);
  }

  /** False when it was settled before. */
  #forget(question: Question): boolean {
    const cancelTimer = this.#open.get(question);
    cancelTimer?.();
    return this.#open.delete(question);
  }
}
