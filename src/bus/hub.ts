/** Where publications meet subscribers: last values, the pattern index, and the streams that carry bytes out. */

import { type Encoding, type ServerCodec, type ServerFrame, serverCodec } from '../protocol/index.ts';
import { Lanes } from './lanes.ts';
import type { Backplane, Publication, Topic } from './publication.ts';
import { SegmentTrie } from './segment-trie.ts';
import { Stream, type View } from './stream.ts';
import { TopicState } from './topic-state.ts';

/** The little that the hub needs of the outside. */
export type HubParts = {
  /** Sends one message to every socket on a channel. */
  publish(channel: string, message: Uint8Array, isBinary: boolean): void;
  /** Runs `flush` once, at the end of this loop turn or a little later. */
  schedule(flush: () => void): void;
};

export type HubCounts = { publications: number; encodes: number; frames: number; messages: number };

export class Hub implements Backplane {
  /** Plain counters; `frames` counts one for each stream that a publication went to. */
  readonly counts: HubCounts = { publications: 0, encodes: 0, frames: 0, messages: 0 };
  readonly #parts: HubParts;
  /** Both by tid. */
  readonly #states: TopicState[] = [];
  readonly #lanes: Lanes[] = [];
  readonly #byName = new Map<string, TopicState>();
  readonly #topicIndex = new SegmentTrie<TopicState>();
  readonly #streams = new Map<string, Stream>();
  readonly #patternIndex = new SegmentTrie<Stream>();
  readonly #codecs = new Map<Encoding, ServerCodec>();
  #speaking: Stream[] = [];
  #isScheduled = false;
  #nextChannel = 1;

  constructor(parts: HubParts) {
    this.#parts = parts;
  }

  /** A topic is born: streams whose patterns select it carry it from now on. */
  open(topic: Topic): void {
    const state = new TopicState(topic);
    const lanes = new Lanes();
    this.#states[topic.tid] = state;
    this.#lanes[topic.tid] = lanes;
    this.#byName.set(topic.name, state);
    this.#topicIndex.add(topic.name, state);
    for (const stream of this.#patternIndex.selecting(topic.name)) {
      lanes.add(stream);
      this.#mark(stream);
      stream.announce(state);
    }
  }

  publish(publication: Publication): void {
    const { tid } = publication.topic;
    const state = this.#states[tid];
    const lanes = this.#lanes[tid];
    if (state === undefined || lanes === undefined)
      throw new Error(`topic ${publication.topic.name} was published before it was opened`);
    state.apply(publication);
    this.counts.publications++;
    if (lanes.isEmpty) return;
    const frame = frameOf(publication);
    for (const lane of lanes) {
      const [first] = lane;
      if (first === undefined) continue;
      const bytes = this.codec(first.encoding).encode(frame);
      this.counts.encodes++;
      this.counts.frames += lane.length;
      for (const stream of lane) {
        if (stream.isQuiet) this.#mark(stream);
        stream.add(bytes);
      }
    }
  }

  /**
   * The stream of this pattern and view, made if it is new. What any stream held is sent first, so that a session on
   * several of them sees each topic's publications in order, and a newcomer nothing from before it came.
   */
  join(pattern: string, view: View): Stream {
    const key = streamKey(pattern, view);
    let stream = this.#streams.get(key);
    if (stream === undefined) {
      stream = this.#createStream(pattern, view);
      this.#streams.set(key, stream);
    }
    this.#flush();
    stream.members++;
    return stream;
  }

  /** One member left; a stream without members is dropped. */
  leave(stream: Stream): void {
    if (--stream.members > 0) return;
    this.#streams.delete(streamKey(stream.pattern, stream.view));
    this.#patternIndex.remove(stream.pattern, stream);
    for (const { topic } of stream.topics) this.#lanes[topic.tid]?.remove(stream);
  }

  topic(name: string): TopicState | undefined {
    return this.#byName.get(name);
  }

  topicsSelectedBy(pattern: string): TopicState[] {
    return this.#topicIndex.selectedBy(pattern);
  }

  get streamCount(): number {
    return this.#streams.size;
  }

  /** How this encoding is written, for frames that go to one session only. */
  codec(encoding: Encoding): ServerCodec {
    let codec = this.#codecs.get(encoding);
    if (codec === undefined) {
      codec = serverCodec(encoding, (tid) => this.#topicOf(tid));
      this.#codecs.set(encoding, codec);
    }
    return codec;
  }

  #topicOf(tid: number): Topic {
    const state = this.#states[tid];
    if (state === undefined) throw new Error(`no topic has id ${tid}`);
    return state.topic;
  }

  #createStream(pattern: string, view: View): Stream {
    const codec = this.codec(view.encoding);
    const channel = `s${this.#nextChannel++}`;
    const stream = new Stream(channel, pattern, view, codec, (message) => {
      this.counts.messages++;
      this.#parts.publish(channel, message, codec.isBinary);
    });
    this.#patternIndex.add(pattern, stream);
    for (const state of this.#topicIndex.selectedBy(pattern)) {
      this.#lanes[state.topic.tid]?.add(stream);
      stream.topics.push(state);
    }
    return stream;
  }

  #mark(stream: Stream): void {
    this.#speaking.push(stream);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#parts.schedule(() => {
      this.#isScheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    const speaking = this.#speaking;
    this.#speaking = [];
    for (const stream of speaking) stream.flush();
  }
}

function streamKey(pattern: string, { encoding }: View): string {
  return `${encoding} ${pattern}`;
}

function frameOf({ topic: { tid }, seq, ts, values, key }: Publication): ServerFrame {
  if (values === undefined) return { op: 'remove', tid, seq, ts, key: key ?? '' };
  return key === undefined ? { op: 'data', tid, seq, ts, values } : { op: 'data', tid, seq, ts, values, key };
}
