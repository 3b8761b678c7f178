/** The topics that this connection was told of, each with the subscriptions that select it. */

import { ProtocolError } from '../protocol/codes.ts';
import type { FrameOf, ServerFrame } from '../protocol/frames.ts';
import type { Field, Schema } from '../protocol/schema.ts';
import { removeMessage, type TopicInfo, valueMessage } from './message.ts';
import type { Route } from './route.ts';

/** Who may want a topic. */
export type TopicTaker = {
  /** The taker's route for this topic, resumed for it; undefined when it does not want the topic. */
  routeTo(topic: TopicInfo): Route | undefined;
};

export class TopicTable {
  readonly #takers: () => Iterable<TopicTaker>;
  readonly #schemas = new Map<number, Schema>();
  readonly #byTid = new Map<number, Entry>();
  readonly #tids = new Map<string, number>();

  /** `takers` is read each time a topic is announced. */
  constructor(takers: () => Iterable<TopicTaker>) {
    this.#takers = takers;
  }

  /** A number means the same schema for as long as the connection lasts, however often it is announced. */
  addSchema(id: number, fields: readonly Field[]): void {
    if (!this.#schemas.has(id)) this.#schemas.set(id, { id, fields });
  }

  /** What is new in this announcement; undefined when nothing is. */
  announce(frame: FrameOf<ServerFrame, 'topic'>): TopicInfo | undefined {
    const { tid, name, epoch, kind, maxSilenceMs } = frame;
    const schema = this.#schemas.get(frame.schema);
    if (schema === undefined)
      throw new ProtocolError('badRequest', `topic ${name} names schema ${frame.schema}, which was not announced`);
    const known = this.#byTid.get(tid)?.topic;
    if (known?.name === name && known.epoch === epoch && known.schema === schema) return undefined;
    const former = this.#tids.get(name);
    if (former !== undefined) this.#byTid.delete(former);
    const topic = { name, kind, epoch, schema, maxSilenceMs };
    const entry: Entry = { topic, routes: [] };
    for (const taker of this.#takers()) this.#link(entry, taker);
    this.#tids.set(name, tid);
    this.#byTid.set(tid, entry);
    return topic;
  }

  has(name: string): boolean {
    return this.#tids.has(name);
  }

  /** Gives a new taker its routes to the topics known already. */
  attach(taker: TopicTaker): void {
    for (const entry of this.#byTid.values()) this.#link(entry, taker);
  }

  detach(owner: object): void {
    for (const entry of this.#byTid.values()) {
      // A new list: the old one may be walked right now, by the delivery that led here.
      if (entry.routes.some((route) => route.owner === owner)) {
        entry.routes = entry.routes.filter((route) => route.owner !== owner);
      }
    }
  }

  /** Hands a value to each subscription that has not seen it: one message, shared. */
  data({ tid, seq, ts, values, key }: FrameOf<ServerFrame, 'data'>): void {
    const { topic, routes } = this.#entry(tid);
    let message: ReturnType<typeof valueMessage> | undefined;
    for (const route of routes) {
      if (!route.takes(seq, ts, key, false)) continue;
      message ??= valueMessage(topic, seq, ts, key, values, false);
      route.owner.deliver(message);
    }
  }

  remove({ tid, seq, ts, key }: FrameOf<ServerFrame, 'remove'>): void {
    const { topic, routes } = this.#entry(tid);
    let message: ReturnType<typeof removeMessage> | undefined;
    for (const route of routes) {
      if (!route.takes(seq, ts, key, true)) continue;
      message ??= removeMessage(topic, seq, ts, key, false);
      route.owner.deliver(message);
    }
  }

  /** A snapshot answers one subscription; others have what it holds, or will get their own. */
  snapshot(frame: FrameOf<ServerFrame, 'snapshot'>, owner: object): void {
    for (const route of this.#entry(frame.tid).routes) if (route.owner === owner) route.snapshot(frame);
  }

  /** The connection is gone, and with it what its numbers meant. */
  clear(): void {
    this.#schemas.clear();
    this.#byTid.clear();
    this.#tids.clear();
  }

  #entry(tid: number): Entry {
    const entry = this.#byTid.get(tid);
    if (entry === undefined) throw new ProtocolError('badRequest', `topic id ${tid} was not announced`);
    return entry;
  }

  #link(entry: Entry, taker: TopicTaker): void {
    const route = taker.routeTo(entry.topic);
    if (route !== undefined) entry.routes = [...entry.routes, route];
  }
}

type Entry = { readonly topic: TopicInfo; routes: readonly Route[] };
