/** Who takes the messages of a subscription: a listener, readers of loops, or both. */

import { Inbox } from './inbox.ts';
import type { Message } from './message.ts';

export type RecipientParts = {
  readonly listener: ((message: Message) => unknown) | undefined;
  readonly maxBufferedEvents: number;
  /** The listener failed, at once or later. */
  readonly blame: (message: Message, cause: unknown) => void;
};

export class Recipient {
  readonly #parts: RecipientParts;
  #inbox: Inbox | undefined;

  constructor(parts: RecipientParts) {
    this.#parts = parts;
    if (parts.listener === undefined) this.#inbox = new Inbox(parts.maxBufferedEvents);
  }

  take(message: Message): void {
    this.#inbox?.push(message);
    const { listener, blame } = this.#parts;
    if (listener === undefined) return;
    try {
      const result = listener(message);
      if (result instanceof Promise) result.catch((cause: unknown) => blame(message, cause));
    } catch (cause) {
      blame(message, cause);
    }
  }

  /** `onLeave`: the loop was left. */
  read(onLeave: () => void): AsyncIterator<Message, undefined> {
    this.#inbox ??= new Inbox(this.#parts.maxBufferedEvents);
    const inbox = this.#inbox;
    return {
      next: () => inbox.next(),
      return: async () => {
        onLeave();
        return { done: true, value: undefined };
      },
    };
  }

  /** No more will come; what waits may still be read. */
  end(why?: Error): void {
    this.#inbox?.end(why);
  }

  /** Nobody wants what waits. */
  discard(): void {
    this.#inbox?.discard();
  }
}
