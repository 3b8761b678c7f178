/** The topics that this connection was told of, each with the subscriptions that its frames are for. */

import { ProtocolError } from '../protocol/codes.ts';
import type { FrameOf, ServerFrame } from '../protocol/frames.ts';
import type { Field, Schema } from '../protocol/schema.ts';
import { removeMessage, type TopicInfo, valueMessage } from './message.ts';
import type { Route } from './route.ts';
import type { RouteOwner } from './route-owner.ts';

/** Who may want a topic. */
export type TopicTaker = RouteOwner & {
  /** The taker's route for this topic, resumed for it; undefined when it does not want the topic. */
  routeTo(topic: TopicInfo): Route | undefined;
};

const plainStream = 0;

export class TopicTable {
  readonly #schemas = new Map<number, Schema>();
  readonly #byTid = new Map<number, Entry>();
  readonly #streams = new Map<number, Stream>();

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
    const stream = this.#stream(frame.stream ?? plainStream);
    const former = stream.tids.get(name);
    if (former !== undefined) this.#byTid.delete(former);
    const topic = { name, kind, epoch, schema, maxSilenceMs };
    const entry: Entry = { topic, routes: [], seq: -1, takers: undefined };
    for (const taker of stream.takers) link(entry, taker);
    stream.tids.set(name, tid);
    this.#byTid.set(tid, entry);
    return topic;
  }

  /** How far any subscription is on this topic; undefined when the stream does not carry it. */
  reached(stream: number, name: string): number | undefined {
    const tid = this.#streams.get(stream)?.tids.get(name);
    return tid === undefined ? undefined : this.#byTid.get(tid)?.seq;
  }

  /** From now on the taker's frames are those of this stream, and of no other. */
  join(taker: TopicTaker, number: number): void {
    this.leave(taker, number);
    const stream = this.#stream(number);
    stream.takers.delete(taker);
    stream.takers.add(taker); // at the end: snapshots answer those who joined first
    for (const tid of stream.tids.values()) {
      const entry = this.#byTid.get(tid);
      if (entry !== undefined) relink(entry, taker);
    }
  }

  /** No frames are for it any more, except where it is on stream `except`. */
  leave(taker: TopicTaker, except?: number): void {
    for (const [number, stream] of this.#streams) {
      if (number === except || !stream.takers.delete(taker)) continue;
      for (const tid of stream.tids.values()) this.#unlink(tid, taker);
      if (stream.takers.size === 0 && number !== plainStream) this.#forget(number, stream);
    }
  }

  /** Hands a value to each subscription that has not seen it: one message, shared. */
  data({ tid, seq, ts, values, key }: FrameOf<ServerFrame, 'data'>): void {
    const entry = this.#entry(tid);
    if (entry === undefined) return;
    let message: ReturnType<typeof valueMessage> | undefined;
    for (const route of entry.routes) {
      if (!route.takes(seq, key, values, entry.seq)) continue;
      message ??= valueMessage(entry.topic, seq, ts, key, values, false);
      route.deliver(message);
    }
    if (seq > entry.seq) entry.seq = seq;
  }

  /** Hands on the whole value with the changes in it. */
  patch(frame: FrameOf<ServerFrame, 'patch'>): void {
    const entry = this.#entry(frame.tid);
    if (entry === undefined) return;
    const { seq, ts, key } = frame;
    for (const route of entry.routes) {
      const values = route.takesPatch(frame, entry.seq);
      if (values !== undefined) route.deliver(valueMessage(entry.topic, seq, ts, key, values, false));
    }
    if (seq > entry.seq) entry.seq = seq;
  }

  remove({ tid, seq, ts, key }: FrameOf<ServerFrame, 'remove'>): void {
    const entry = this.#entry(tid);
    if (entry === undefined) return;
    let message: ReturnType<typeof removeMessage> | undefined;
    for (const route of entry.routes) {
      if (!route.takes(seq, key, undefined, entry.seq)) continue;
      message ??= removeMessage(entry.topic, seq, ts, key, false);
      route.deliver(message);
    }
    if (seq > entry.seq) entry.seq = seq;
  }

  mark(frame: FrameOf<ServerFrame, 'mark'>): void {
    const entry = this.#entry(frame.tid);
    if (entry === undefined) return;
    for (const route of entry.routes) route.mark(frame, entry.seq);
    if (frame.to > entry.seq) entry.seq = frame.to;
  }

  gap(frame: FrameOf<ServerFrame, 'gap'>): void {
    const entry = this.#entry(frame.tid);
    if (entry === undefined) return;
    for (const route of entry.routes) route.gap(frame, entry.seq);
    if (frame.to > entry.seq) entry.seq = frame.to;
  }

  condition(frame: FrameOf<ServerFrame, 'state'>): void {
    for (const route of this.#entry(frame.tid)?.routes ?? []) route.hears(frame);
  }

  snapshot(frame: FrameOf<ServerFrame, 'snapshot'>): void {
    const entry = this.#entry(frame.tid);
    if (entry === undefined) return;
    entry.takers ??= takersOf(entry, frame);
    const { takers } = entry;
    if (frame.last) entry.takers = undefined;
    for (const route of takers) route.snapshot(frame);
    if (frame.last && frame.seq > entry.seq) entry.seq = frame.seq;
  }

  /** The connection is gone, and with it what its numbers meant. */
  clear(): void {
    this.#schemas.clear();
    this.#byTid.clear();
    this.#streams.clear();
  }

  /** Undefined for topics of a view that nobody here has any more: their last frames may still be on the way. */
  #entry(tid: number): Entry | undefined {
    const entry = this.#byTid.get(tid);
    if (entry === undefined && tid >= 0) throw new ProtocolError('badRequest', `topic id ${tid} was not announced`);
    return entry;
  }

  #stream(number: number): Stream {
    const known = this.#streams.get(number);
    if (known !== undefined) return known;
    const stream = { takers: new Set<TopicTaker>(), tids: new Map<string, number>() };
    this.#streams.set(number, stream);
    return stream;
  }

  #unlink(tid: number, taker: TopicTaker): void {
    const entry = this.#byTid.get(tid);
    // A new list: the old one may be walked right now, by the delivery that led here.
    if (entry?.routes.some(({ owner }) => owner === taker)) {
      entry.routes = entry.routes.filter(({ owner }) => owner !== taker);
    }
  }

  #forget(number: number, { tids }: Stream): void {
    for (const tid of tids.values()) this.#byTid.delete(tid);
    this.#streams.delete(number);
  }
}

type Stream = { readonly takers: Set<TopicTaker>; readonly tids: Map<string, number> };

type Entry = {
  readonly topic: TopicInfo;
  routes: readonly Route[];
  /** How far any subscription of the connection is. */
  seq: number;
  /** Whom the snapshot that is coming in is for. */
  takers: readonly Route[] | undefined;
};

/**
 * It answers one of those who wait. The state that it holds is right for the others, too; a bare position says nothing
 * to them.
 */
function takersOf({ routes }: Entry, frame: FrameOf<ServerFrame, 'snapshot'>): readonly Route[] {
  const waiting = routes.filter(({ isAwaiting }) => isAwaiting);
  const [first, ...rest] = waiting;
  if (first === undefined) return routes.filter(({ owner }) => !owner.isPaused);
  // Mostly who joined first; a slow session is not answered in the order of asking, so what fits better comes before.
  const taker = rest.reduce((best, route) => (route.fit(frame) > best.fit(frame) ? route : best), first);
  if (frame.rows.length === 0) return [taker];
  return [taker, ...routes.filter((route) => route.isSettled && route !== taker && !route.owner.isPaused)];
}

function link(entry: Entry, taker: TopicTaker): void {
  const route = taker.routeTo(entry.topic);
  if (route !== undefined) entry.routes = [...entry.routes, route];
}

function relink(entry: Entry, taker: TopicTaker): void {
  entry.routes = entry.routes.filter(({ owner }) => owner !== taker);
  link(entry, taker);
}
