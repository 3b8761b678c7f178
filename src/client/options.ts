/** What a client may be told, and why each default is what it is. */

import type { ConnectionOptions } from './connection.ts';
import type { OutboxLimits } from './outbox.ts';
import type { SocketConstructor } from './socket.ts';
import { realTime, type Time } from './time.ts';

/** Asked for afresh before each connection, so that it may be renewed. */
export type Token = string | (() => string | Promise<string>);

export type ConnectOptions = Partial<ConnectionOptions> & {
  /** The class to open sockets with; the platform's by default, in Node before 22 that of the package `ws`. */
  readonly WebSocket?: SocketConstructor;
  readonly token?: Token;
  /** What `publish` may hold while there is no connection. */
  readonly queue?: Partial<OutboxLimits>;
  /** What the server may send, whole bytes a second from 100 up: the newest of everything, as far as that carries. */
  readonly maxBytesPerSec?: number;
  /** Tell a server that asks for it how many frames came, and how late; nothing of what was in them. */
  readonly reports?: boolean;
  readonly random?: () => number;
  readonly time?: Time;
};

export type ClientOptions = {
  readonly connection: ConnectionOptions;
  readonly queue: OutboxLimits;
  readonly WebSocket: SocketConstructor | undefined;
  readonly token: Token | undefined;
  readonly maxBytesPerSec: number | undefined;
  readonly reports: boolean;
  readonly random: () => number;
  readonly time: Time;
};

export const clientDefaults = {
  connection: {
    minDelayMs: 250, // a restarted server listens again after about 100 ms
    maxDelayMs: 20_000, // long enough to leave a struggling server alone, short enough for who watches the screen
    maxAttempts: Number.POSITIVE_INFINITY, // a dashboard on a wall has nobody to press reload
    connectTimeoutMs: 10_000, // a TCP SYN lost three times still makes it
    stableMs: 10_000, // a server that throws clients out at once must not be asked every quarter of a second
  },
  queue: {
    maxCount: 1000,
    maxBytes: 1024 * 1024,
    maxAgeMs: 30_000, // what someone wanted to say half a minute ago may no longer be what they want
  },
} as const satisfies { connection: ConnectionOptions; queue: OutboxLimits };

/** Throws RangeError, naming the option and the value, when one makes no sense. */
export function clientOptions(given: ConnectOptions): ClientOptions {
  const { WebSocket, token, maxBytesPerSec, queue = {}, reports = true, random = Math.random, time = realTime } = given;
  const connection = merged(clientDefaults.connection, given);
  const { minDelayMs, maxDelayMs } = connection;
  if (minDelayMs > maxDelayMs) throw new RangeError(`minDelayMs ${minDelayMs} is more than maxDelayMs ${maxDelayMs}`);
  if (maxBytesPerSec !== undefined && !(Number.isSafeInteger(maxBytesPerSec) && maxBytesPerSec >= 100)) {
    throw new RangeError(`maxBytesPerSec must be a whole number from 100 up, got ${JSON.stringify(maxBytesPerSec)}`);
  }
  const limits = merged(clientDefaults.queue, queue, 'queue.');
  return { connection, queue: limits, WebSocket, token, maxBytesPerSec, reports, random, time };
}

function merged<T extends Record<string, number>>(
  defaults: T,
  given: Partial<Record<keyof T, unknown>>,
  prefix = '',
): T {
  const result: Record<string, number> = { ...defaults };
  for (const name of Object.keys(defaults)) {
    const value = given[name];
    if (value === undefined) continue;
    if (typeof value !== 'number' || !(value > 0)) {
      throw new RangeError(`${prefix}${name} must be a positive number, got ${JSON.stringify(value)}`);
    }
    result[name] = value;
  }
  return result as T; // the same names, each a number
}
