import WebSocket from 'ws';
import { type ConnectOptions, connect } from '../../src/client/index.ts';
import type { ClientFrame, FrameOf, ServerFrame, Welcome } from '../../src/protocol/index.ts';
import { type FakeConnection, FakeServer } from '../support/fake-server.ts';
import { ManualTime } from '../support/manual-time.ts';

type AnyClient = ReturnType<typeof connect>;
type Subscribe = FrameOf<ClientFrame, 'subscribe'>;

/** A server that says what the test tells it to, and a client whose waits pass when the test says so. */
export class Lab {
  readonly server: FakeServer;
  readonly time = new ManualTime();
  readonly client: AnyClient;
  /** Everything that the client told beside messages, in order. */
  readonly told: [event: string, value: object][] = [];
  #connection: FakeConnection | undefined;

  private constructor(server: FakeServer, others: readonly FakeServer[], options: ConnectOptions) {
    this.server = server;
    this.client = connect(
      [server, ...others].map(({ url }) => url),
      { WebSocket, time: this.time, ...options },
    );
    for (const event of [
      'draining',
      'gap',
      'skipped',
      'epoch',
      'recovered',
      'quality',
      'step',
      'repaired',
      'error',
    ] as const) {
      this.client.on(event, (value: object) => void this.told.push([event, value]));
    }
  }

  /** `others`: servers to go to when the first is gone. */
  static async open(options: ConnectOptions = {}, others: readonly FakeServer[] = []): Promise<Lab> {
    return new Lab(await FakeServer.start(), others, options);
  }

  get connection(): FakeConnection {
    if (this.#connection === undefined) throw new Error('nobody connected yet');
    return this.#connection;
  }

  /** What was told of these events, and forgets it. */
  heard(...events: string[]): unknown[] {
    const all = this.told.splice(0);
    return events.length === 1
      ? all.filter(([event]) => event === events[0]).map(([, value]) => value)
      : all.filter(([event]) => events.includes(event));
  }

  async greeted(terms: Partial<Welcome> = {}): Promise<FakeConnection> {
    this.#connection = await this.server.greeted(terms);
    return this.#connection;
  }

  /** Answers what was asked for, which is one subscription, with what follows. */
  async joined(
    served: { topics?: number; stream?: number; rate?: number },
    ...frames: ServerFrame[]
  ): Promise<Subscribe> {
    const request = await this.connection.next('subscribe');
    const { sid } = request.subscriptions[0]!;
    this.say({ op: 'subscribed', id: request.id, sid, topics: 1, stream: 0, rate: 0, ...served }, ...frames);
    return request;
  }

  say(...frames: ServerFrame[]): void {
    this.connection.send(...frames);
  }

  /** Said, and heard: answers come in order. */
  async said(...frames: ServerFrame[]): Promise<void> {
    if (frames.length > 0) this.say(...frames);
    await this.reached('open');
    const ping = this.client.ping();
    const { t0 } = await this.connection.next('ping');
    this.say({ op: 'pong', t0, t1: t0, t2: t0 });
    await ping;
  }

  /** The connection breaks, and the next one is there. */
  async reconnected(terms: Partial<Welcome> = {}): Promise<FakeConnection> {
    this.connection.cut();
    await this.reached('waiting');
    const { state } = this.client;
    if (state.name === 'waiting') this.time.pass(Math.ceil(state.until - this.time.now()));
    const connection = await this.greeted(terms);
    await this.reached('open');
    return connection;
  }

  reached(name: string): Promise<void> {
    return new Promise((resolve) => {
      if (this.client.state.name === name) return resolve();
      const undo = this.client.on('state', (state) => {
        if (state.name !== name) return;
        undo();
        resolve();
      });
    });
  }

  async close(): Promise<void> {
    this.client.close();
    await this.server.stop();
  }
}
