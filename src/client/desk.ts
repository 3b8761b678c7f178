/** What a subscription needs of the client that it belongs to. */

import type { Micros } from '../protocol/frames.ts';
import type { ClientEvents } from './client-api.ts';
import type { TickwireError } from './errors.ts';
import type { LiveSubscription } from './live-subscription.ts';
import type { Question } from './requests.ts';
import type { Time } from './time.ts';

export type Desk = {
  readonly time: Time;
  /** The connection is slow, and is told only the newest. */
  readonly isDegraded: boolean;
  serverNow(): Micros;
  ask(question: Question): void;
  /** As soon as everything that was subscribed before has been asked for. */
  askInTurn(question: Question): void;
  /** From now on its frames are those of this stream. */
  follow(subscription: LiveSubscription, stream: number): void;
  /** How far any subscription of the connection is on this topic; undefined when the stream does not carry it. */
  reached(stream: number, topic: string): number | undefined;
  /** Its quality may have changed: to be looked at once all of the present message is read. */
  touched(subscription: LiveSubscription): void;
  leave(subscription: LiveSubscription): void;
  emit<Event extends keyof ClientEvents>(event: Event, value: ClientEvents[Event]): void;
  report(error: TickwireError): void;
};
