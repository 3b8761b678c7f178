/** A way to a server that a test can cut and mend, as networks do. */

import { connect, createServer, type Server, type Socket } from 'node:net';

export class CuttablePath {
  readonly port: number;
  readonly #goal: Goal;
  readonly #sockets: Set<Socket>;
  #door: Server;

  private constructor(door: Server, port: number, goal: Goal, sockets: Set<Socket>) {
    this.#door = door;
    this.port = port;
    this.#goal = goal;
    this.#sockets = sockets;
  }

  /** Leads from a free port of its own to this one, both on 127.0.0.1. */
  static async to(serverPort: number): Promise<CuttablePath> {
    const sockets = new Set<Socket>();
    const goal = { port: serverPort };
    const door = await openDoor(0, goal, sockets);
    const address = door.address();
    if (address === null || typeof address === 'string') throw new Error(`no port: ${address}`);
    return new CuttablePath(door, address.port, goal, sockets);
  }

  /** Ends every connection, and refuses new ones. */
  async cut(): Promise<void> {
    const closed = new Promise((resolve) => this.#door.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  /** Lets connections through again, at the same port; to another server where one is said. */
  async mend(serverPort = this.#goal.port): Promise<void> {
    this.turn(serverPort);
    this.#door = await openDoor(this.port, this.#goal, this.#sockets);
  }

  /** Leads new connections to another server; those that are there stay. */
  turn(serverPort: number): void {
    this.#goal.port = serverPort;
  }
}

type Goal = { port: number };

function openDoor(port: number, goal: Goal, sockets: Set<Socket>): Promise<Server> {
  const door = createServer((near) => join(near, connect(goal.port, '127.0.0.1'), sockets));
  return new Promise((resolve, reject) => {
    door.once('error', reject);
    door.listen(port, '127.0.0.1', () => resolve(door));
  });
}

function join(near: Socket, far: Socket, sockets: Set<Socket>): void {
  for (const [one, other] of [
    [near, far],
    [far, near],
  ] as const) {
    sockets.add(one);
    one.pipe(other);
    one.on('error', () => other.destroy());
    one.on('close', () => {
      sockets.delete(one);
      other.destroy();
    });
  }
}
