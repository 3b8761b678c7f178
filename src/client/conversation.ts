/** What is said on a connection: who we are, what we want, and each of the server's frames to the part it is for. */

import { decodeServerFrames, encodeClientFrame } from '../protocol/codec.ts';
import { closeCodes } from '../protocol/codes.ts';
import type { ClientFrame, ClientReport, FrameOf, ServerFrame, Welcome } from '../protocol/frames.ts';
import type { ClientEvents } from './client-api.ts';
import { type Connection, silentCode } from './connection.ts';
import { TickwireError, textOf } from './errors.ts';
import { Greeting, type GreetingParts } from './greeting.ts';
import { Heartbeat } from './heartbeat.ts';
import type { Draining } from './notices.ts';
import type { ClientOptions } from './options.ts';
import { Pinger } from './pinger.ts';
import { Publisher } from './publisher.ts';
import { Reporter } from './reporter.ts';
import { Requests } from './requests.ts';
import { ServerClock } from './server-clock.ts';
import { Subscriptions } from './subscriptions.ts';
import { TopicTable } from './topic-table.ts';

/** A server that has welcomed us on a connection of its own, and what it has said there so far. */
export type Welcomer = { readonly greeting: Greeting; readonly messages: readonly (Uint8Array | string)[] };

/** The connection that it runs on. */
export type Line = Pick<Connection, 'send' | 'welcomed' | 'drop' | 'giveUp'>;

export type ConversationEvents = {
  error(error: TickwireError): void;
  drained(notice: Draining): void;
  emit<Event extends keyof ClientEvents>(event: Event, value: ClientEvents[Event]): void;
};

export class Conversation {
  readonly clock: ServerClock;
  /** For greetings on other connections than the present one. */
  readonly greetingParts: GreetingParts;
  readonly pinger: Pinger;
  readonly publisher: Publisher;
  readonly requests: Requests;
  readonly subscriptions: Subscriptions;
  readonly #topics = new TopicTable();
  readonly #heartbeat: Heartbeat;
  /** Undefined where the program does not want it. */
  readonly #reporter: Reporter | undefined;
  readonly #line: Line;
  readonly #events: ConversationEvents;
  #greeting: Greeting | undefined;
  #lastId = 0;
  /** Which connection this is: what was begun on a former one must not go on. */
  #turn = 0;

  constructor(line: Line, options: ClientOptions, events: ConversationEvents) {
    const { time, queue, token, maxBytesPerSec, random, reports } = options;
    this.#line = line;
    this.#events = events;
    const nextId = () => ++this.#lastId;
    const send = (frame: ClientFrame) => this.#send(frame);
    this.greetingParts = { token, maxBytesPerSec, time, nextId };
    this.clock = new ServerClock(time);
    this.pinger = new Pinger(this.clock, (t0) => send({ op: 'ping', t0 }));
    this.publisher = new Publisher({ time, limits: queue, nextId, send: (bytes) => this.#sendBytes(bytes) });
    this.requests = new Requests({ time, nextId, send });
    this.subscriptions = new Subscriptions({
      topics: this.#topics,
      requests: this.requests,
      time,
      nextId,
      send,
      serverNow: () => Math.round(this.clock.now() * 1000),
      emit: events.emit,
      report: events.error,
    });
    this.#reporter = reports
      ? new Reporter({ time, random, clock: this.clock, send: (report) => this.#tell(report) })
      : undefined;
    this.#heartbeat = new Heartbeat(time, {
      speak: () => this.pinger.beat(),
      dead: (silenceMs) => line.drop(silentCode, `no word from the server for ${Math.round(silenceMs)} ms (timeoutMs)`),
    });
  }

  /** The socket is up. Subscriptions do not wait for the welcome: that would cost a round trip. */
  opened(): void {
    this.#greeting = new Greeting(this.greetingParts, {
      send: (frame) => this.#send(frame),
      said: () => this.#greeted(),
      failed: (why) => {
        this.#events.error(why);
        this.#line.drop(noTokenCode, 'no token could be had');
      },
    });
    this.#greeting.begin();
  }

  /** Goes on with another server, behind what was seen until now. */
  moved({ greeting, messages }: Welcomer): void {
    const turn = this.#turn + 1;
    this.down();
    if (turn !== this.#turn) return; // whoever heard of it closed us
    this.#greeting = greeting;
    this.#greeted();
    for (const message of messages) if (turn === this.#turn) this.message(message);
  }

  message(data: Uint8Array | string): void {
    const now = this.#heartbeat.heard();
    this.#reporter?.message(now);
    const turn = this.#turn;
    try {
      if (typeof data === 'string') throw new TypeError('it is text, where binary was agreed');
      decodeServerFrames(data, (frame) => {
        if (turn === this.#turn) this.#receive(frame); // else a listener closed the client meanwhile
      });
      if (turn === this.#turn) this.subscriptions.tellQuality();
    } catch (cause) {
      this.#unreadable(cause);
    }
  }

  down(): void {
    this.#turn++;
    this.#greeting?.end();
    this.#greeting = undefined;
    this.#heartbeat.stop();
    this.#reporter?.stop();
    this.pinger.down();
    this.publisher.down();
    this.requests.down();
    this.subscriptions.down();
  }

  #greeted(): void {
    this.subscriptions.opened();
    this.requests.opened();
  }

  #receive(frame: ServerFrame): void {
    this.#reporter?.frame(frame);
    switch (frame.op) {
      case 'data':
        this.#topics.data(frame);
        break;
      case 'patch':
        this.#topics.patch(frame);
        break;
      case 'remove':
        this.#topics.remove(frame);
        break;
      case 'mark':
        this.#topics.mark(frame);
        break;
      case 'gap':
        this.#topics.gap(frame);
        break;
      case 'snapshot':
        this.#topics.snapshot(frame);
        break;
      case 'state':
        this.#topics.condition(frame);
        break;
      case 'rate':
        this.subscriptions.step({ step: frame.step, maxRate: frame.maxRate, reason: frame.reason });
        break;
      case 'schema':
        this.#topics.addSchema(frame.schema, frame.fields);
        break;
      case 'topic':
        this.#announced(frame);
        break;
      case 'subscribed':
        if (!this.requests.answered(frame)) this.subscriptions.subscribed(frame);
        break;
      case 'checksum':
        this.requests.answered(frame);
        break;
      case 'welcome':
        this.#welcomed(frame.info);
        break;
      case 'pong':
        this.pinger.pong(frame);
        break;
      case 'ok':
        if (!this.requests.answered(frame)) this.publisher.answered(frame);
        break;
      case 'error':
        this.#refused(frame);
        break;
      case 'drain':
        this.#events.drained({ slotMs: frame.slotMs, deadlineMs: frame.deadlineMs });
        break;
      case 'unsubscribed':
      case 'heartbeat':
        break; // having heard it is all
      default:
        unreachable(frame);
    }
  }

  #welcomed(terms: Welcome): void {
    const { heartbeatMs, timeoutMs, limits, reportMs } = terms;
    if (this.#greeting !== undefined) {
      this.#greeting.welcomed(terms);
      this.clock.follow(this.#greeting.clock);
    }
    this.#heartbeat.start({ heartbeatMs, timeoutMs });
    if (reportMs !== undefined) this.#reporter?.start(reportMs);
    this.publisher.opened(limits.maxFrameBytes);
    this.#line.welcomed(); // last: whoever hears of it may close us
  }

  #announced(frame: FrameOf<ServerFrame, 'topic'>): void {
    const news = this.#topics.announce(frame);
    if (news !== undefined) this.#events.emit('topic', news);
  }

  #refused(frame: FrameOf<ServerFrame, 'error'>): void {
    if (this.requests.refused(frame) || this.subscriptions.refused(frame) || this.publisher.refused(frame)) return;
    this.#events.error(new TickwireError(frame, frame.message));
    if (this.#greeting?.isOf(frame) && !frame.retryable) {
      this.#line.giveUp({ code: frame.code, reason: frame.message });
    }
  }

  /** What was in it is lost, so only a new beginning can be trusted. */
  #unreadable(cause: unknown): void {
    const message = `a message of the server could not be read: ${textOf(cause)}`;
    this.#events.error(new TickwireError('unreadable', message, { cause }));
    this.#line.drop(closeCodes.undecodable.code, 'unreadable');
  }

  /** With a look at the clock, for one that drifts by 50 millionths is off by 3 ms after a minute. */
  #tell(report: ClientReport): void {
    this.#send({ op: 'report', report });
    this.pinger.beat();
  }

  #send(frame: ClientFrame): void {
    if (frame.op === 'subscribe' || frame.op === 'change') this.#reporter?.asked();
    this.#sendBytes(encodeClientFrame(frame));
  }

  #sendBytes(bytes: Uint8Array): void {
    this.#heartbeat.sent();
    this.#line.send(bytes);
  }
}

const noTokenCode = 3000; // "Unauthorized" in the IANA close code registry

function unreachable(value: never): never {
  throw new TypeError(`unhandled frame ${JSON.stringify(value)}`);
}
