/** Publications on their way to the server, each answered exactly once: its seq, or why not. */

import { encodeClientFrame } from '../protocol/codec.ts';
import type { ClientFrame, FrameOf, ServerFrame } from '../protocol/frames.ts';
import { guardMessagePack } from '../protocol/guard.ts';
import { topicFault } from '../protocol/topic.ts';
import { TickwireError, textOf } from './errors.ts';
import { Outbox, type OutboxLimits } from './outbox.ts';
import type { CancelTimer, Time } from './time.ts';

export type PublishOptions = {
  /** The row, on a keyed topic. */
  readonly key?: string;
  /** How long to wait for the answer once it is sent (10 s). The wait for a connection is bounded by `queue.maxAgeMs`. */
  readonly timeoutMs?: number;
};
export type Published = { readonly seq: number };

export type PublisherParts = {
  readonly time: Time;
  readonly limits: OutboxLimits;
  readonly nextId: () => number;
  readonly send: (bytes: Uint8Array) => void;
};

const answerTimeoutMs = 10_000; // an answer takes one round trip; by then the network or the server is in trouble

export class Publisher {
  readonly #parts: PublisherParts;
  readonly #outbox: Outbox<Publication>;
  readonly #unanswered = new Map<number, Waiting>();
  #isOpen = false;
  /** Called once all that was sent is answered. */
  #rested: (() => void) | undefined;
  #maxFrameBytes = Number.POSITIVE_INFINITY;

  constructor(parts: PublisherParts) {
    const { limits, time } = parts;
    this.#parts = parts;
    this.#outbox = new Outbox(limits, time, ({ topic, reject }) => {
      reject(new TickwireError('queueExpired', `${topic}: no connection for ${limits.maxAgeMs} ms (queue.maxAgeMs)`));
    });
  }

  async publish(
    topic: string,
    data: unknown,
    { key, timeoutMs = answerTimeoutMs }: PublishOptions,
  ): Promise<Published> {
    const fault = topicFault(topic);
    if (fault !== undefined) throw new TickwireError('badRequest', `topic ${JSON.stringify(topic)} ${fault}`);
    const id = this.#parts.nextId();
    const bytes = encode({ op: 'publish', id, topic, data, ...(key !== undefined && { key }) });
    return new Promise((resolve, reject) => {
      const publication = { id, topic, bytes, timeoutMs, resolve, reject };
      if (this.#isOpen) this.#send(publication);
      else this.#hold(publication);
    });
  }

  /** From here on publications leave at once; those that waited go first. */
  opened(maxFrameBytes: number): void {
    this.#isOpen = true;
    this.#rested = undefined;
    this.#maxFrameBytes = maxFrameBytes;
    for (const publication of this.#outbox.drain()) this.#send(publication);
  }

  /** What is published from here on waits, and `rested` is called once nothing that was sent waits for its answer. */
  rest(rested: () => void): void {
    this.#isOpen = false;
    this.#rested = rested;
    this.#tellRested();
  }

  /** It was for nothing: goes on here. Without effect when it does not rest. */
  resume(): void {
    if (this.#rested !== undefined) this.opened(this.#maxFrameBytes);
  }

  /** Nobody can tell whether those not answered arrived, so they are not sent again. */
  down(): void {
    this.#isOpen = false;
    this.#rested = undefined;
    this.#failUnanswered((topic) => {
      return new TickwireError(
        'connectionLost',
        `${topic}: the connection was lost before the answer; it may have arrived`,
      );
    });
  }

  /** The end: nothing will be sent any more. */
  close(why: TickwireError): void {
    this.#isOpen = false;
    this.#rested = undefined;
    this.#failUnanswered(() => why);
    for (const { reject } of this.#outbox.drain()) reject(why);
  }

  /** False when the answer is not to a publication. */
  answered({ id, result }: FrameOf<ServerFrame, 'ok'>): boolean {
    return this.#settle(id, ({ topic, resolve, reject }) => {
      const seq = seqOf(result);
      if (seq !== undefined) resolve({ seq });
      else reject(new TickwireError('unreadable', `${topic}: the server took it, but did not say its seq`));
    });
  }

  /** False when the answer is not to a publication. */
  refused(frame: FrameOf<ServerFrame, 'error'>): boolean {
    return this.#settle(frame.id, ({ reject }) => reject(new TickwireError(frame, frame.message)));
  }

  #hold(publication: Publication): void {
    if (this.#outbox.offer(publication) === 'taken') return;
    const { maxCount, maxBytes } = this.#parts.limits;
    const caps = `queue.maxCount ${maxCount}, queue.maxBytes ${maxBytes}`;
    const message = `${publication.topic}: not connected, and the queue has no room for it (${caps})`;
    publication.reject(new TickwireError('queueFull', message));
  }

  #send(publication: Publication): void {
    const { id, topic, bytes, timeoutMs, reject } = publication;
    if (bytes.length > this.#maxFrameBytes) {
      const message = `${topic}: ${bytes.length} bytes, the server takes ${this.#maxFrameBytes} (maxFrameBytes)`;
      reject(new TickwireError('badRequest', message));
      return;
    }
    const cancelTimer = this.#parts.time.after(timeoutMs, () => {
      this.#settle(id, () => {
        reject(
          new TickwireError('timeout', `${topic}: no answer within ${timeoutMs} ms (timeoutMs); it may have arrived`),
        );
      });
    });
    this.#unanswered.set(id, { publication, cancelTimer });
    this.#parts.send(bytes);
  }

  #settle(id: number | null, settle: (publication: Publication) => void): boolean {
    const waiting = id === null ? undefined : this.#unanswered.get(id);
    if (waiting === undefined) return false;
    waiting.cancelTimer();
    this.#unanswered.delete(waiting.publication.id);
    settle(waiting.publication);
    this.#tellRested();
    return true;
  }

  #tellRested(): void {
    if (this.#unanswered.size === 0) this.#rested?.();
  }

  #failUnanswered(why: (topic: string) => TickwireError): void {
    for (const id of [...this.#unanswered.keys()]) this.#settle(id, ({ topic, reject }) => reject(why(topic)));
  }
}

type Publication = {
  readonly id: number;
  readonly topic: string;
  readonly bytes: Uint8Array;
  readonly timeoutMs: number;
  readonly resolve: (published: Published) => void;
  readonly reject: (why: TickwireError) => void;
};
type Waiting = { readonly publication: Publication; readonly cancelTimer: CancelTimer };

/** By the server's own rules: a frame that it can't read counts against the whole connection. */
function encode(frame: FrameOf<ClientFrame, 'publish'>): Uint8Array {
  try {
    const bytes = encodeClientFrame(frame);
    guardMessagePack(bytes);
    return bytes;
  } catch (cause) {
    throw new TickwireError('badRequest', `${frame.topic}: the data can't be sent: ${textOf(cause)}`, { cause });
  }
}

function seqOf(result: unknown): number | undefined {
  if (typeof result !== 'object' || result === null || !('seq' in result)) return undefined;
  return typeof result.seq === 'number' ? result.seq : undefined;
}
