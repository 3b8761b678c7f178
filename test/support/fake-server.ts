import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import {
  type ClientFrame,
  decodeClientFrame,
  type FrameOf,
  type ServerFrame,
  serverCodec,
  type Welcome,
} from '../../src/protocol/index.ts';

/** A WebSocket server that says exactly what a test tells it to. */
export class FakeServer {
  readonly #server: WebSocketServer;
  readonly #arrived: FakeConnection[] = [];
  #wake: () => void = () => {};

  private constructor(server: WebSocketServer) {
    this.#server = server;
    server.on('connection', (socket, request) => {
      this.#arrived.push(new FakeConnection(socket, request.url ?? ''));
      this.#wake();
    });
  }

  static start(port = 0): Promise<FakeServer> {
    return new Promise((resolve, reject) => {
      const server: WebSocketServer = new WebSocketServer({ host: '127.0.0.1', port }, () =>
        resolve(new FakeServer(server)),
      );
      server.once('error', reject);
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}`;
  }

  /** How many clients are connected. */
  get open(): number {
    return this.#server.clients.size;
  }

  /** The next client to connect; it has said nothing yet. */
  async next(): Promise<FakeConnection> {
    for (;;) {
      const connection = this.#arrived.shift();
      if (connection !== undefined) return connection;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** The next client, its HELLO answered. */
  async greeted(terms: Partial<Welcome> = {}): Promise<FakeConnection> {
    const connection = await this.next();
    const { id, options } = await connection.next('hello');
    connection.welcome(id, { ...terms, clock: { t0: options.t0 ?? null, t1: 0, t2: 0, ...terms.clock } });
    return connection;
  }

  stop(): Promise<void> {
    for (const client of this.#server.clients) client.terminate();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

const { encode } = serverCodec('msgpack', () => {
  throw new Error('MessagePack needs no names');
});

export class FakeConnection {
  readonly path: string;
  readonly protocol: string;
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #socket: WebSocket;
  readonly #arrived: ClientFrame[] = [];
  #wake: () => void = () => {};
  #isClosed = false;

  constructor(socket: WebSocket, path: string) {
    this.#socket = socket;
    this.path = path;
    this.protocol = socket.protocol;
    socket.on('message', (data: Buffer) => {
      this.#arrived.push(decodeClientFrame(data, 'msgpack'));
      this.#wake();
    });
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        this.#isClosed = true;
        this.#wake();
        resolve({ code, reason: reason.toString() });
      });
    });
  }

  /** The very next frame, which must be of this op. */
  async next<Op extends ClientFrame['op']>(op: Op): Promise<FrameOf<ClientFrame, Op>> {
    for (;;) {
      const frame = this.#arrived.shift();
      if (frame?.op === op) return frame as FrameOf<ClientFrame, Op>;
      if (frame !== undefined) throw new Error(`wanted ${op}, got ${JSON.stringify(frame)}`);
      if (this.#isClosed) throw new Error(`wanted ${op}, but the connection was closed`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** What came and was not yet looked at. */
  get unread(): readonly ClientFrame[] {
    return this.#arrived;
  }

  /** All in one message. */
  send(...frames: ServerFrame[]): void {
    this.#socket.send(Buffer.concat(frames.map((frame) => Uint8Array.from(encode(frame)))));
  }

  sendRaw(data: Uint8Array | string): void {
    this.#socket.send(data);
  }

  /** With more in the same message. */
  welcome(id: number, terms: Partial<Welcome> = {}, ...more: ServerFrame[]): void {
    const info: Welcome = {
      session: 'session-1',
      server: 'fake/1',
      heartbeatMs: 10_000,
      timeoutMs: 25_000,
      limits: { maxFrameBytes: 65_536, maxSubscriptions: 1024 },
      clock: { t0: null, t1: 0, t2: 0 },
      ...terms,
    };
    this.send({ op: 'welcome', id, info }, ...more);
  }

  close(code: number, reason = ''): void {
    this.#socket.close(code, reason);
  }

  /** As when the network or the process dies: no close frame. */
  cut(): void {
    this.#socket.terminate();
  }
}
