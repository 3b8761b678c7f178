/**
 * Holds messages for someone who takes them one at a time, without growing for who is slow: of `latest` and `keyed`
 * topics the newest value of each topic (and key) is held; of others the newest `maxEvents`. What gave way is counted
 * in `skipped` of the next message of the same topic (and key).
 */

import type { Message } from './message.ts';

export class Inbox {
  readonly #maxEvents: number;
  readonly #held = new Map<string | number, Message>();
  readonly #events: number[] = [];
  readonly #skipped = new Map<string, number>();
  readonly #waiting: Deferred[] = [];
  #nextEvent = 0;
  #end: { readonly fault: Error | undefined } | undefined;

  constructor(maxEvents: number) {
    this.#maxEvents = maxEvents;
  }

  push(message: Message): void {
    if (this.#end !== undefined) return;
    const taker = this.#waiting.shift();
    if (taker !== undefined) taker.resolve({ done: false, value: message });
    else if (message.kind === 'latest' || message.kind === 'keyed') this.#replace(message);
    else this.#append(message);
  }

  /** The oldest message held, or the next to come. After the end: what is still held, then done or the fault. */
  next(): Promise<IteratorResult<Message, undefined>> {
    for (const [slot, message] of this.#held) {
      this.#held.delete(slot);
      if (typeof slot === 'number') this.#events.shift();
      return Promise.resolve({ done: false, value: this.#withSkipped(message) });
    }
    if (this.#end === undefined) return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
    const { fault } = this.#end;
    if (fault === undefined) return Promise.resolve({ done: true, value: undefined });
    this.#end = { fault: undefined }; // told once; then it is simply over
    return Promise.reject(fault);
  }

  /** No more will come. Twice is harmless. */
  end(fault?: Error): void {
    if (this.#end !== undefined) return;
    const [first, ...others] = this.#waiting.splice(0);
    this.#end = { fault: first === undefined ? fault : undefined };
    if (fault === undefined) first?.resolve({ done: true, value: undefined });
    else first?.reject(fault);
    for (const taker of others) taker.resolve({ done: true, value: undefined });
  }

  /** Nobody wants what is held. */
  discard(): void {
    this.#held.clear();
    this.#events.length = 0;
    this.end();
  }

  /** Moves to the end, so that what is taken keeps the order in which it came. */
  #replace(message: Message): void {
    const slot = slotOf(message);
    if (this.#held.delete(slot)) this.#countSkipped(slot);
    this.#held.set(slot, message);
  }

  #append(message: Message): void {
    const oldest = this.#events.length >= this.#maxEvents ? this.#events.shift() : undefined;
    const dropped = oldest === undefined ? undefined : this.#held.get(oldest);
    if (oldest !== undefined && dropped !== undefined) {
      this.#held.delete(oldest);
      this.#countSkipped(slotOf(dropped));
    }
    this.#events.push(this.#nextEvent);
    this.#held.set(this.#nextEvent++, message);
  }

  #countSkipped(slot: string): void {
    this.#skipped.set(slot, (this.#skipped.get(slot) ?? 0) + 1);
  }

  #withSkipped(message: Message): Message {
    if (this.#skipped.size === 0) return message;
    const slot = slotOf(message);
    const skipped = this.#skipped.get(slot);
    if (skipped === undefined) return message;
    this.#skipped.delete(slot);
    return { ...message, skipped };
  }
}

type Deferred = {
  resolve(result: IteratorResult<Message, undefined>): void;
  reject(fault: Error): void;
};

/** Topics hold no spaces, so no two of these are alike by chance. */
function slotOf({ topic, key }: Message): string {
  return key === undefined ? topic : `${topic} ${key}`;
}
