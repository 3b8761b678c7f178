/** Tickwire with its whole way of a publication: origin, hub, stream, sessions. */

import { z } from 'zod';
import { encodeClientFrame } from '../../../src/protocol/index.ts';
import { machine } from '../../load/conductor/machine.ts';
import { readStamp } from '../../support/stamp.ts';
import { type Library, type StampReader, topicName } from '../peer.ts';

const hour = 3_600_000;

export const tickwire: Library = {
  name: 'tickwire',
  title: 'Tickwire',
  kind: 'library',
  offers:
    'numbers every publication, tells each subscriber what it skipped and why, and gives newcomers and those who return what they lack; keeps nothing on disk.',
  version: async () => machine().tickwire,
  joining: {
    path: '/ws',
    hello: [
      encodeClientFrame({ op: 'hello', id: 1, options: {} }),
      encodeClientFrame({ op: 'subscribe', id: 2, subscriptions: [{ sid: 1, pattern: topicName, snapshot: false }] }),
    ],
    isJoined: (message) => message.includes(topicName),
  },
  reader: (payloadBytes) => new FrameReader(payloadBytes),
  async serve({ flushIntervalMs = 0 }) {
    const { startBenchServer } = await import('../../support/bench-server.ts');
    const server = await startBenchServer({ flushIntervalMs, heartbeatMs: hour, timeoutMs: 2 * hour }); // bytes are counted, so nothing else is said
    const topic = server.latestTopic(topicName, z.object({ body: z.string() }));
    return {
      port: server.port,
      publish(payloads) {
        for (const body of payloads) topic.publish({ body }, { ts: Date.now() * 1000 });
      },
    };
  },
};

/** A message holds whole frames, each of which ends with the payload. */
class FrameReader implements StampReader {
  readonly #payloadBytes: number;
  readonly #head: Buffer;

  constructor(payloadBytes: number) {
    this.#payloadBytes = payloadBytes;
    this.#head = Buffer.from([0xd9, payloadBytes]); // MessagePack's "text of up to 255 bytes", so long
  }

  read(message: Buffer, stamped: (micros: number) => void): number {
    let found = 0;
    for (let at = message.indexOf(this.#head); at >= 0; at = message.indexOf(this.#head, at)) {
      at += this.#head.length;
      const micros = readStamp(message, at);
      if (micros === undefined) continue; // a number that looks alike
      stamped(micros);
      found++;
      at += this.#payloadBytes;
    }
    return found;
  }
}
