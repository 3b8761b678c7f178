/** A client among servers that send it away, under any order of what happens on its connections. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { connect, type Gap, type Message } from '../../src/client/index.ts';
import type { SocketLike } from '../../src/client/socket.ts';
import { decodeClientFrame, type ServerFrame, serverCodec } from '../../src/protocol/index.ts';
import { ManualTime } from '../support/manual-time.ts';
import { ModelServer } from './model-server.ts';

const topicNames = ['l.a', 'k.a', 'e.a', 'e.b'];
const patterns = ['e.*', 'e.a', 'l.*', 'k.*'];

const step = (what: string, a: number, b: number) => fc.tuple(fc.constant(what), fc.nat(a), fc.nat(b));
const gentle = [
  { weight: 10, arbitrary: step('publish', 3, 3) },
  { weight: 2, arbitrary: step('say', 0, 0) },
  { weight: 2, arbitrary: step('answer', 2, 0) },
  { weight: 5, arbitrary: step('serve', 2, 2) },
  { weight: 6, arbitrary: step('flush', 2, 3) },
  { weight: 8, arbitrary: step('hear', 2, 5) },
  { weight: 4, arbitrary: step('open', 2, 0) },
  { weight: 3, arbitrary: step('drain', 2, 3000) },
  { weight: 3, arbitrary: step('pass', 1200, 0) },
  { weight: 1, arbitrary: step('new life', 0, 0) },
];
const rough = [...gentle, { weight: 2, arbitrary: step('cut', 2, 0) }, { weight: 1, arbitrary: step('refuse', 2, 0) }];
const scripts = (steps: typeof gentle) => fc.array(fc.oneof(...steps), { maxLength: 150, size: 'max' });

test('sent away again and again: every event once and in order or said to be lost, and it was never without a connection', async () => {
  await fc.assert(
    fc.asyncProperty(scripts(gentle), async (script) => {
      const world = await run(script);
      world.check();
      expect(world.states.filter((name) => name !== 'open')).toEqual(['connecting']);
    }),
    { numRuns: 400 },
  );
}, 60_000);

test('and where connections break or are refused on the way, nothing comes twice, and nothing is missing in silence', async () => {
  await fc.assert(
    fc.asyncProperty(scripts(rough), async (script) => (await run(script)).check()),
    { numRuns: 400 },
  );
}, 60_000);

async function run(script: readonly [what: string, a: number, b: number][]): Promise<World> {
  const world = new World();
  for (const [what, a, b] of script) {
    world.do(what, a, b);
    await settled();
    expect(world.serving).toBeLessThanOrEqual(1);
  }
  await world.settle();
  return world;
}

class World {
  readonly time = new ManualTime();
  readonly states: string[] = [];
  readonly errors: unknown[] = [];
  readonly watchers: Watcher[];
  readonly #sockets: ModelSocket[] = [];
  /** What each life of the servers has published: all that draw breath publish the same, each by its own numbers. */
  readonly #lives: Published[][] = [[]];
  readonly #client: ReturnType<typeof connect>;
  /** What the client published, as servers got it, and what became of each. */
  readonly #got: number[] = [];
  readonly #fates: string[] = [];
  #said = 0;
  #next = 1;

  constructor() {
    const world = this;
    class Socket extends ModelSocket {
      constructor() {
        super(world.#session(), world.#got);
        world.#sockets.push(this);
      }
    }
    this.#client = connect(['ws://a', 'ws://b'], {
      WebSocket: Socket,
      time: this.time,
      connectTimeoutMs: 1e9,
      random: () => 0.5,
    });
    this.#client.on('state', ({ name }) => void this.states.push(name));
    this.#client.on('error', (error) => void this.errors.push(error));
    this.watchers = patterns.map((pattern) => new Watcher(this.#client, pattern));
  }

  /** Connections on which something is subscribed. */
  get serving(): number {
    return this.#sockets.filter(({ phase, isAsked }) => phase === 'open' && isAsked).length;
  }

  do(what: string, a: number, b: number): void {
    const socket = this.#open(a);
    if (what === 'publish') this.#publish({ name: topicNames[a]!, key: `row ${b}`, value: this.#next++ });
    if (what === 'say') this.#say();
    if (what === 'answer') socket?.answer();
    if (what === 'serve') socket?.server.serve(b + 1);
    if (what === 'flush') socket?.server.flush(b);
    if (what === 'hear') this.#nth(a, this.#sockets)?.hear(b + 1); // what was under way arrives even where nobody listens
    if (what === 'open') this.#new(a)?.open();
    if (what === 'drain') socket?.server.outbound.push([{ op: 'drain', slotMs: b, deadlineMs: b + 5000 }]);
    if (what === 'pass') this.time.pass(a);
    if (what === 'new life') this.#lives.push([]);
    if (what === 'cut') socket?.die(1006);
    if (what === 'refuse') this.#new(a)?.die(1013);
  }

  /** Everything on its way arrives, and nobody is sent away any more. */
  async settle(): Promise<void> {
    for (let round = 0; round < 12; round++) {
      for (const socket of this.#sockets) if (socket.phase === 'new') socket.open();
      for (const socket of this.#sockets.filter(({ phase }) => phase === 'open')) {
        socket.server.serve(100);
        socket.server.flushAll();
        socket.answer();
        socket.hear(1000);
        await settled();
      }
      this.time.pass(5000);
      await settled();
    }
    expect(this.#client.state.name).toBe('open');
  }

  check(): void {
    expect(this.errors).toEqual([]);
    expect(this.#fates).toHaveLength(this.#said);
    expect(this.#got).toEqual([...new Set(this.#got)].sort((a, b) => a - b));
    const server = this.#sockets.find(({ phase }) => phase === 'open')?.server;
    expect(this.#sockets.filter(({ phase }) => phase === 'open')).toHaveLength(1);
    for (const watcher of this.watchers) watcher.check(server!);
  }

  #session(): ModelServer {
    const server = new ModelServer();
    for (let life = 1; life < this.#lives.length; life++) server.restart();
    for (const { name, key, value } of this.#lives.at(-1)!) server.publish(name, key, value);
    return server;
  }

  #publish(published: Published): void {
    for (const life of this.#lives) life.push(published);
    for (const { server } of this.#sockets) server.publish(published.name, published.key, published.value);
  }

  #say(): void {
    const said = this.#client.publish('room', ++this.#said);
    said.then(
      () => this.#fates.push('taken'),
      ({ reason }) => this.#fates.push(reason),
    );
  }

  #open(nth: number): ModelSocket | undefined {
    return this.#nth(
      nth,
      this.#sockets.filter(({ phase }) => phase === 'open'),
    );
  }

  #new(nth: number): ModelSocket | undefined {
    return this.#nth(
      nth,
      this.#sockets.filter(({ phase }) => phase === 'new'),
    );
  }

  /** Of the last few: those before them have nothing to say. */
  #nth(nth: number, sockets: readonly ModelSocket[]): ModelSocket | undefined {
    const last = sockets.slice(-3);
    return last[nth % Math.max(1, last.length)];
  }
}

type Published = { name: string; key: string; value: number };

/** One connection to a server, and that server's side of it. */
class ModelSocket implements SocketLike {
  binaryType = '';
  onopen: unknown = null;
  onmessage: unknown = null;
  onclose: unknown = null;
  onerror: unknown = null;
  phase: 'new' | 'open' | 'closed' = 'new';
  isAsked = false;
  readonly server: ModelServer;
  readonly #got: number[];
  #unanswered: number[] = [];

  constructor(server: ModelServer, got: number[]) {
    this.server = server;
    this.#got = got;
  }

  send(bytes: Uint8Array): void {
    expect(this.phase).toBe('open');
    const frame = decodeClientFrame(bytes, 'msgpack');
    if (frame.op === 'subscribe') this.isAsked = true;
    if (frame.op === 'publish') {
      this.#got.push(Number(frame.data));
      this.#unanswered.push(frame.id);
    } else {
      this.server.receive(bytes);
    }
  }

  open(): void {
    this.phase = 'open';
    call(this.onopen, {});
  }

  answer(): void {
    for (const id of this.#unanswered.splice(0)) this.server.outbound.push([{ op: 'ok', id, result: { seq: 1 } }]);
  }

  hear(count: number): void {
    for (const frames of this.server.outbound.splice(0, count)) call(this.onmessage, { data: encoded(frames) });
  }

  die(code: number): void {
    this.phase = 'closed';
    this.server.disconnect(); // what was under way is lost with it
    call(this.onclose, { code, reason: '' });
  }

  close(): void {
    this.phase = 'closed';
  }
}

/** What one subscription was told. */
class Watcher {
  readonly #pattern: string;
  readonly #subscription: ReturnType<ReturnType<typeof connect>['subscribe']>;
  /** Of event topics, by epoch and topic: the seqs that came or were said to be lost, in the order of telling. */
  readonly #told = new Map<string, number[]>();

  constructor(client: ReturnType<typeof connect>, pattern: string) {
    this.#pattern = pattern;
    client.on('gap', (gap) => this.#lost(gap));
    this.#subscription = client.subscribe(pattern, (message) => this.#hear(message));
  }

  check(server: ModelServer): void {
    for (const [id, seqs] of this.#told) {
      const first = seqs[0]!;
      expect([id, seqs]).toEqual([id, seqs.map((_, i) => first + i)]); // once, in order, without a hole
    }
    for (const topic of server.topics.values()) {
      const { name, kind, epoch, log } = topic;
      if (!name.startsWith(this.#pattern.replace('*', ''))) continue;
      if (kind === 'event') expect(this.#told.get(`${epoch} ${name}`)?.at(-1) ?? log.length).toBe(log.length);
      if (kind === 'latest') expect(this.#subscription.get(name)).toMatchObject({ a: log.at(-1)?.values?.[0] });
      if (kind === 'keyed') {
        const rows = [...server.stateOf(topic, {})].map(([key, [a]]) => [key, a]);
        const held = [...this.#subscription.rows(name)].map(([key, row]) => [key, (row as { a: number }).a]);
        expect(held.sort()).toEqual(rows.sort());
      }
    }
  }

  #hear({ topic, kind, epoch, seq }: Message): void {
    if (kind === 'event') this.#tell(`${epoch} ${topic}`, seq);
  }

  #lost({ pattern, topic, epoch, fromSeq, toSeq }: Gap): void {
    if (pattern !== this.#pattern) return;
    for (let seq = fromSeq; seq <= toSeq; seq++) this.#tell(`${epoch} ${topic}`, seq);
  }

  #tell(id: string, seq: number): void {
    const seqs = this.#told.get(id) ?? [];
    this.#told.set(id, seqs);
    seqs.push(seq);
  }
}

const { encode } = serverCodec('msgpack', () => expect.fail('MessagePack needs no names'));

function encoded(frames: readonly ServerFrame[]): ArrayBuffer {
  return Uint8Array.from(Buffer.concat(frames.map((frame) => Uint8Array.from(encode(frame))))).buffer;
}

function call(handler: unknown, event: object) {
  if (typeof handler === 'function') handler(event);
}

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
