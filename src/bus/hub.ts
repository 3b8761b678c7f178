/** Where publications meet subscribers: last values, the pattern index, and the streams that carry bytes out. */

import {
  type Encoding,
  type Field,
  type Micros,
  type Schema,
  type ServerCodec,
  type ServerFrame,
  serverCodec,
  type TopicKind,
} from '../protocol/index.ts';
import type { Start } from './beginning.ts';
import type { Cell } from './cell.ts';
import type { DemandBook } from './demand.ts';
import { randomEpoch } from './epoch.ts';
import { Fates } from './fates.ts';
import type { HistoryLimits, HistoryStore } from './history.ts';
import { HubTopic } from './hub-topic.ts';
import type { Lanes } from './lanes.ts';
import { Member, type MemberParts, type Sink } from './member.ts';
import { PlainStream } from './plain-stream.ts';
import { emptyProjection, projectionOf } from './projection.ts';
import type { Backplane, Publication, Topic } from './publication.ts';
import { SegmentTrie } from './segment-trie.ts';
import type { Stream } from './stream.ts';
import { TopicState } from './topic-state.ts';
import { isPlain, type View, viewKey } from './view.ts';
import { ViewCell } from './view-cell.ts';
import { ViewStream } from './view-stream.ts';

/** The little that the hub needs of the outside. */
export type HubParts = {
  /** Sends one message to everyone on a channel. */
  publish(channel: string, message: Uint8Array, encoding: Encoding): void;
  /** Runs `flush` once, at the end of this loop turn or a little later. */
  schedule(flush: () => void): void;
  /** Monotonic milliseconds. */
  now(): number;
  /** Runs `run` once; returns how to call it off. */
  after(delayMs: number, run: () => void): () => void;
  /** The numbered schema of these fields. */
  schemaOf(fields: readonly Field[]): Schema;
  /** It is used once less. */
  releaseSchema(schema: Schema): void;
  /** What a topic keeps of its past; nothing for undefined. */
  historyLimitsOf(topic: Topic): HistoryLimits | undefined;
  readonly histories: HistoryStore;
  readonly demand: DemandBook;
};

export type HubCounts = {
  publications: number;
  encodes: number;
  /** One for each plain stream that a publication went to. */
  frames: number;
  /** One for each message of a stream, however many get it. */
  messages: number;
  /** The same, one for each who gets it over a WebSocket, and their bytes. */
  sentMessages: number;
  sentBytes: number;
  /** Topics that are silent for longer than they should be. */
  staleTopics: number;
};

export class Hub implements Backplane {
  /** Another for each hub; ordinals of topics compare only within one. */
  readonly epoch = randomEpoch();
  readonly counts: HubCounts = {
    publications: 0,
    encodes: 0,
    frames: 0,
    messages: 0,
    sentMessages: 0,
    sentBytes: 0,
    staleTopics: 0,
  };
  readonly fates = new Fates();
  readonly topicCounts: Record<TopicKind, number> = { latest: 0, event: 0, keyed: 0, ephemeral: 0 };
  /** Members that are off their streams. */
  readonly #held = new Set<Member>();
  readonly #parts: HubParts;
  readonly #memberParts: MemberParts;
  /** By tid. */
  readonly #topics: HubTopic[] = [];
  readonly #byName = new Map<string, HubTopic>();
  readonly #topicIndex = new SegmentTrie<HubTopic>();
  readonly #streams = new Map<string, Stream>();
  readonly #patternIndex = new SegmentTrie<Stream>();
  readonly #codecs = new Map<Encoding, ServerCodec>();
  /** By their numbers, which count down from -1: those of topics count up from 1. */
  readonly #viewCells = new Map<number, { cell: ViewCell; stream: ViewStream }>();
  #speaking: Stream[] = [];
  #isScheduled = false;
  #lastStream = 0;
  #lastCell = 0;
  #conditionVersion = 0;

  constructor(parts: HubParts) {
    this.#parts = parts;
    this.#memberParts = {
      now: parts.now,
      flush: () => this.flush(),
      conditionVersion: () => this.#conditionVersion,
      fates: this.fates,
      held: this.#held,
    };
  }

  /** A topic is born: streams whose patterns select it carry it from now on. */
  open(topic: Topic): void {
    const limits = this.#parts.historyLimitsOf(topic);
    const history = limits === undefined ? undefined : this.#parts.histories.open(limits);
    const hubTopic = new HubTopic(new TopicState(topic, history));
    this.#topics[topic.tid] = hubTopic;
    this.#byName.set(topic.name, hubTopic);
    this.#topicIndex.add(topic.name, hubTopic);
    this.topicCounts[topic.kind]++;
    for (const stream of new Set(this.#patternIndex.selecting(topic.name))) {
      const cell = this.#carry(stream, hubTopic);
      if (cell === undefined) continue;
      if (stream.isQuiet) this.#speak(stream);
      stream.announce(cell);
    }
  }

  /** What was published before is told in the schema it was published in, as far as it can be told now. */
  redeclare(topic: Topic): void {
    const hubTopic = this.#topics[topic.tid];
    if (hubTopic === undefined) throw new Error(`topic ${topic.name} was redeclared before it was opened`);
    const { state, lanes, views, plain } = hubTopic;
    const former = state.topic.schema;
    if (former === topic.schema) return;
    this.flush();
    state.redeclare(topic);
    for (const { stream, cell } of views) this.#redeclareCell(stream, cell, former);
    const carriers = [...lanes].flatMap((lane) => lane.map((stream) => ({ stream, cell: plain as Cell })));
    for (const { stream, cell } of [...carriers, ...views] as { stream: Stream; cell: Cell }[]) {
      if (stream.isQuiet) this.#speak(stream);
      stream.announceAnew(cell);
    }
    for (const member of this.#held) {
      const cell = member.stream.cellOf(state);
      if (cell !== undefined) member.reintroduce(cell);
    }
  }

  publish(publication: Publication): void {
    const hubTopic = this.#topics[publication.topic.tid];
    if (hubTopic === undefined) throw new Error(`topic ${publication.topic.name} was published before it was opened`);
    const { state, lanes, views } = hubTopic;
    if (state.staleSince !== undefined) this.#turn(hubTopic, undefined);
    state.apply(publication, ++this.counts.publications);
    if (!lanes.isEmpty) this.#publishPlainly(lanes, publication);
    for (let i = 0; i < views.length; i++) {
      const { stream, cell } = views[i] as HubTopic['views'][number];
      stream.accept(cell, publication);
    }
  }

  /**
   * A new subscriber of the stream of these patterns and this view, made if it is new; `join` it to begin. What any
   * stream held is sent first, so that a session on several of them sees each topic's publications in order, and a
   * newcomer nothing from before it came. `why` slow or paused: it is not let on until it is released.
   */
  subscribe(
    patterns: readonly string[],
    view: View,
    sink: Sink,
    start: Start,
    why: 'slow' | 'paused' | 'settling',
  ): Member {
    const key = streamKey(patterns, view);
    let stream = this.#streams.get(key);
    if (stream === undefined) {
      stream = this.#createStream(key, patterns, view);
      this.#streams.set(key, stream);
    }
    this.flush();
    return new Member(stream, sink, this.#memberParts, start, why);
  }

  /** A member left; a stream without members is dropped. */
  leave(member: Member): void {
    member.leave();
    const { stream } = member;
    if (stream.members > 0 || this.#streams.get(stream.key) !== stream) return;
    this.#streams.delete(stream.key);
    for (const pattern of stream.patterns) {
      this.#patternIndex.remove(pattern, stream);
      this.#parts.demand.drop(pattern, rateOf(stream.view));
    }
    for (const { state, tid, schema } of stream.cells) {
      this.#topics[state.topic.tid]?.drop(stream);
      this.#viewCells.delete(tid);
      if (schema !== state.topic.schema) this.#parts.releaseSchema(schema);
    }
    if (stream instanceof ViewStream) stream.drop();
  }

  /** Sends what every stream holds; at the end of each turn this happens by itself. */
  flush(): void {
    const speaking = this.#speaking;
    if (speaking.length === 0) return;
    this.#speaking = [];
    for (const stream of speaking) stream.flush();
    for (const stream of speaking) stream.releaseWaiting();
  }

  /** Tells which topics have been silent for too long, and lets go of history that is too old. A few times a second. */
  sweep(wallClock: Micros): void {
    const now = this.#parts.now();
    for (const hubTopic of this.#byName.values()) {
      if (hubTopic.isSilent(now)) this.#turn(hubTopic, wallClock);
    }
    this.#parts.histories.sweep();
  }

  /**
   * Publications to subscribers of which nothing is decided yet. Counts the topics of those who are off their streams
   * one by one, no more than `maxLooks` of them: with more it is the least that it can be.
   */
  pending(maxLooks: number): number {
    let pending = 0;
    let looks = 0;
    for (const stream of this.#streams.values()) if (!stream.isSettled) pending += stream.pending * stream.attached;
    for (const member of this.#held) {
      looks += member.stream.cells.length;
      if (looks > maxLooks) break;
      pending += member.pending;
    }
    return pending;
  }

  /** Topics that a stream carries, and that are silent for longer than they should be: others rest, and nobody minds. */
  missedTopics(): number {
    if (this.counts.staleTopics === 0) return 0;
    let missed = 0;
    for (const { state, isCarried } of this.#byName.values()) if (state.staleSince !== undefined && isCarried) missed++;
    return missed;
  }

  /** Estimated bytes of all that topics keep of their past, and the most that it may be. */
  get historyBytes(): { readonly used: number; readonly max: number } {
    const { bytes, maxTotalBytes } = this.#parts.histories;
    return { used: bytes, max: maxTotalBytes };
  }

  topic(name: string): TopicState | undefined {
    return this.#byName.get(name)?.state;
  }

  topicsSelectedBy(pattern: string): TopicState[] {
    return this.#topicIndex.selectedBy(pattern).map(({ state }) => state);
  }

  get streams(): Iterable<Stream> {
    return this.#streams.values();
  }

  get streamCount(): number {
    return this.#streams.size;
  }

  /** How this encoding is written, for frames that go to one session only. */
  codec(encoding: Encoding): ServerCodec {
    let codec = this.#codecs.get(encoding);
    if (codec === undefined) {
      codec = serverCodec(encoding, (tid) => this.#named(tid));
      this.#codecs.set(encoding, codec);
    }
    return codec;
  }

  #publishPlainly(lanes: Lanes, publication: Publication): void {
    const frame = frameOf(publication);
    for (const lane of lanes) {
      const [first] = lane;
      if (first === undefined) continue;
      const bytes = this.codec(first.encoding).encode(frame);
      this.counts.encodes++;
      this.counts.frames += lane.length;
      for (const stream of lane) {
        if (stream.isQuiet) this.#speak(stream);
        stream.published++;
        stream.add(bytes);
      }
    }
  }

  #named(tid: number): { name: string; schema: Schema; stream?: number } {
    if (tid < 0) {
      const found = this.#viewCells.get(tid);
      if (found === undefined) throw new Error(`no stream shows a topic as ${tid}`);
      return { name: found.cell.state.topic.name, schema: found.cell.schema, stream: found.stream.number };
    }
    const found = this.#topics[tid];
    if (found === undefined) throw new Error(`no topic has id ${tid}`);
    return found.state.topic;
  }

  #createStream(key: string, patterns: readonly string[], view: View): Stream {
    const codec = this.codec(view.encoding);
    const number = ++this.#lastStream;
    const channel = `s${number}`;
    const isSocket = view.encoding !== 'sse';
    const send = (message: Uint8Array, attached: number) => {
      this.counts.messages++;
      if (isSocket) {
        this.counts.sentMessages += attached;
        this.counts.sentBytes += attached * message.length;
      }
      this.#parts.publish(channel, message, view.encoding);
    };
    const parts = { key, channel, patterns, view, codec, send, fates: this.fates };
    const stream = isPlain(view) ? new PlainStream(parts) : this.#viewStream({ ...parts, number });
    const selected = new Set<HubTopic>();
    for (const pattern of patterns) {
      this.#patternIndex.add(pattern, stream);
      this.#parts.demand.add(pattern, rateOf(view));
      for (const hubTopic of this.#topicIndex.selectedBy(pattern)) selected.add(hubTopic);
    }
    for (const hubTopic of selected) {
      const cell = this.#carry(stream, hubTopic);
      if (cell !== undefined) stream.cells.push(cell);
    }
    return stream;
  }

  #viewStream(parts: ConstructorParameters<typeof PlainStream>[0] & { number: number }): ViewStream {
    const { now, after } = this.#parts;
    return new ViewStream({
      ...parts,
      now,
      after,
      speak: (stream) => this.#speak(stream),
      onEncode: () => {
        this.counts.encodes++;
      },
    });
  }

  /** The stream carries the topic from now on, unless the topic has none of the fields that it shows. */
  #carry(stream: Stream, hubTopic: HubTopic): Cell | undefined {
    if (stream instanceof PlainStream) {
      hubTopic.lanes.add(stream);
      return hubTopic.plain;
    }
    if (!(stream instanceof ViewStream)) return undefined;
    const { state } = hubTopic;
    const { fields } = stream.view;
    const projection = fields && projectionOf(state.topic.schema, fields, this.#parts.schemaOf);
    if (fields !== undefined && projection === undefined) return undefined;
    const cell = new ViewCell(state, -++this.#lastCell, stream.view, projection);
    this.#viewCells.set(cell.tid, { cell, stream });
    hubTopic.views.push({ stream, cell });
    stream.addCell(cell);
    return cell;
  }

  #redeclareCell({ view: { fields } }: ViewStream, cell: ViewCell, former: Schema): void {
    const { schemaOf, releaseSchema } = this.#parts;
    const { schema } = cell.state.topic;
    const shown = cell.schema;
    const projection = fields && (projectionOf(schema, fields, schemaOf) ?? emptyProjection(schemaOf));
    cell.redeclare(former, projection);
    if (shown !== former) releaseSchema(shown);
  }

  #turn(hubTopic: HubTopic, staleSince: Micros | undefined): void {
    const { state, lanes, views, plain } = hubTopic;
    this.counts.staleTopics += staleSince === undefined ? -1 : 1;
    state.staleSince = staleSince;
    state.conditionVersion = ++this.#conditionVersion;
    for (const lane of lanes) {
      for (const stream of lane) {
        if (stream.isQuiet) this.#speak(stream);
        stream.tellCondition(plain);
      }
    }
    for (const { stream, cell } of views) {
      if (stream.isQuiet) this.#speak(stream);
      stream.tellCondition(cell);
    }
  }

  #speak(stream: Stream): void {
    this.#speaking.push(stream);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#parts.schedule(() => {
      this.#isScheduled = false;
      this.flush();
    });
  }
}

function streamKey(patterns: readonly string[], view: View): string {
  return `${patterns.join(',')} ${viewKey(view)}`;
}

function rateOf({ maxRate }: View): number {
  return maxRate ?? Number.POSITIVE_INFINITY;
}

function frameOf({ topic: { tid }, seq, ts, values, key }: Publication): ServerFrame {
  if (values === undefined) return { op: 'remove', tid, seq, ts, key: key ?? '' };
  return key === undefined ? { op: 'data', tid, seq, ts, values } : { op: 'data', tid, seq, ts, values, key };
}
