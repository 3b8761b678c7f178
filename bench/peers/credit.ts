/** Tells a publisher how far the slowest of those who are watched has come, with no parent in between. */

import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { connectTo, portOf } from './ports.ts';

const creditBytes = 4;

/** The publisher's end. */
export class Credit {
  readonly port: number;
  /** What has come to everyone who is watched, since `reset`. */
  received = 0;
  #woken: (() => void) | undefined;

  private constructor(port: number) {
    this.port = port;
  }

  static async open(): Promise<Credit> {
    const server = createServer((socket) => credit.#listen(socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const credit = new Credit(portOf(server.address()));
    return credit;
  }

  /** Before anything of a new run is published. */
  reset(): void {
    this.received = 0;
  }

  /** Resolves once so many have been received; gives up in silence when nothing new comes for `patienceMs`. */
  async until(received: number, patienceMs: number): Promise<void> {
    while (this.received < received) if (!(await this.#changed(patienceMs))) return;
  }

  #changed(patienceMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), patienceMs);
      this.#woken = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }

  #listen(socket: Socket): void {
    let rest = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      const bytes = Buffer.concat([rest, chunk]);
      const whole = bytes.length - (bytes.length % creditBytes);
      rest = bytes.subarray(whole);
      if (whole > 0) this.#hear(bytes.readUInt32BE(whole - creditBytes));
    });
    socket.on('error', () => {}); // 'close' follows, and nobody waits for it
  }

  #hear(received: number): void {
    this.received = received;
    this.#woken?.();
  }
}

/** The subscribers' end: what to call with each new count. */
export async function openCreditLine(port: number): Promise<(received: number) => void> {
  const socket = await connectTo(port);
  return (received) => {
    const bytes = Buffer.allocUnsafe(creditBytes);
    bytes.writeUInt32BE(received);
    socket.write(bytes);
  };
}
