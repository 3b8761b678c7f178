/** Opens the subscribers of one server and says what each of them received, and the CPU it took since the last answer. */

import { encodeClientFrame } from '../../src/protocol/index.ts';
import { answerParent } from '../support/child.ts';
import { openRawSubscriber, type RawSubscriber } from '../support/raw-subscriber.ts';

const subscribers: RawSubscriber[] = [];
const hello = [
  encodeClientFrame({ op: 'hello', id: 1, options: {} }),
  encodeClientFrame({ op: 'subscribe', id: 2, subscriptions: [{ sid: 1, pattern: 'bench.raw', snapshot: false }] }),
].map((bytes) => Buffer.from(bytes));

let usedBefore = process.cpuUsage();

answerParent(async (request: { port?: number; count?: number; speaks?: boolean }) => {
  const { port, count = 0, speaks } = request;
  if (port !== undefined) {
    while (subscribers.length < count) {
      const some = Array.from({ length: Math.min(50, count - subscribers.length) }, () =>
        openRawSubscriber({ port, path: '/ws' }, speaks ? hello : []),
      );
      subscribers.push(...(await Promise.all(some)));
    }
  }
  await quiet();
  const { user, system } = process.cpuUsage(usedBefore);
  usedBefore = process.cpuUsage();
  return { cpuSec: (user + system) / 1e6, bytes: subscribers.map((subscriber) => subscriber.received()) };
});

/** Resolves when nothing has arrived for a while. */
async function quiet(): Promise<void> {
  let last = -1;
  for (;;) {
    const now = subscribers.reduce((sum, subscriber) => sum + subscriber.received(), 0);
    if (now === last) return;
    last = now;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}
