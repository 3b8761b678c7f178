/** What all connections of one load process share. */

import type { RawAddress } from '../../support/raw-subscriber.ts';
import { FrameScanner } from '../wire/frame-scanner.ts';
import type { Scanner } from '../wire/frame-sink.ts';
import { JsonScanner } from '../wire/json-scanner.ts';
import { ClientMessages } from './client-messages.ts';
import { Reception } from './reception.ts';
import { serverDoor } from './server-door.ts';
import { TopicLives } from './topic-lives.ts';
import type { CrewPlan } from './worker-protocol.ts';

export class Room {
  readonly plan: CrewPlan;
  readonly address: RawAddress;
  readonly messages: ClientMessages;
  readonly scanner: Scanner;
  readonly reception: Reception;
  readonly lives = new TopicLives();
  /** When the message came that is being read, by the shared clock. */
  nowMicros = 0;

  constructor(plan: CrewPlan) {
    const { from } = plan.times;
    this.plan = plan;
    this.address = serverDoor(plan);
    this.messages = new ClientMessages(plan);
    this.scanner = plan.encoding === 'msgpack' ? new FrameScanner(from) : new JsonScanner(from);
    this.reception = new Reception(plan.times);
  }
}
