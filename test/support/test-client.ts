import WebSocket from 'ws';
import {
  type ClientFrame,
  decodeServerFrames,
  encodeClientFrame,
  type FrameOf,
  type ServerFrame,
} from '../../src/protocol/index.ts';

export type Closed = { code: number; reason: string };

/** A client that speaks frames and nothing more; it waits for what comes and never for time. */
export class TestClient {
  readonly socket: WebSocket;
  readonly closed: Promise<Closed>;
  /** How many WebSocket messages brought the frames. */
  messages = 0;
  bytes = 0;
  readonly #arrived: ServerFrame[] = [];
  #wake: () => void = () => {};
  #isClosed = false;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        this.#isClosed = true;
        this.#wake();
        resolve({ code, reason: reason.toString() });
      });
    });
    socket.on('message', (data: Buffer, isBinary) => {
      this.messages++;
      this.bytes += data.length;
      if (isBinary) decodeServerFrames(data, (frame) => this.#arrived.push(frame));
      else this.#arrived.push(...[JSON.parse(data.toString())].flat());
      this.#wake();
    });
  }

  static open(url: string, protocols: string | string[] = 'tickwire.v1.msgpack', headers: Record<string, string> = {}) {
    return new Promise<TestClient>((resolve, reject) => {
      const socket = new WebSocket(url, protocols, { headers, rejectUnauthorized: false }); // tests make their own
      const client = new TestClient(socket);
      socket.once('open', () => resolve(client));
      socket.once('error', reject);
      socket.once('unexpected-response', (_request, response) => {
        response
          .toArray()
          .then((chunks) => reject(new Refused(response.statusCode ?? 0, Buffer.concat(chunks).toString())));
      });
    });
  }

  /** Opened, and HELLO answered. */
  static async greeted(url: string): Promise<TestClient> {
    const client = await TestClient.open(url);
    client.send({ op: 'hello', id: 1, options: {} });
    await client.next('welcome');
    return client;
  }

  send(frame: ClientFrame): void {
    this.sendBytes(encodeClientFrame(frame));
  }

  sendBytes(bytes: Uint8Array): void {
    this.socket.send(bytes, { binary: true });
  }

  subscribe(...patterns: string[]): void {
    this.send({ op: 'subscribe', id: 9, subscriptions: patterns.map((pattern, sid) => ({ sid, pattern })) });
  }

  /** The next frame of this op; frames of other ops before it are passed over. */
  async next<Op extends ServerFrame['op']>(op: Op): Promise<FrameOf<ServerFrame, Op>> {
    for (;;) {
      const frame = await this.any();
      if (frame.op === op) return frame as FrameOf<ServerFrame, Op>;
    }
  }

  /** The very next frame, whatever it is. */
  async any(): Promise<ServerFrame> {
    for (;;) {
      const frame = this.#arrived.shift();
      if (frame !== undefined) return frame;
      if (this.#isClosed) throw new Error('the connection was closed');
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  close(): void {
    this.socket.terminate();
  }
}

/** The server answered the upgrade with something else than 101. */
export class Refused extends Error {
  readonly status: number;
  constructor(status: number, body: string) {
    super(body);
    this.status = status;
  }
}
