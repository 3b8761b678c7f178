/** Opens connections that say HELLO and nothing more. */

import { encodeClientFrame } from '../../src/protocol/index.ts';
import { answerParent } from '../support/child.ts';
import { openRawSubscriber, type RawSubscriber } from '../support/raw-subscriber.ts';

const open: RawSubscriber[] = [];
const hello = [Buffer.from(encodeClientFrame({ op: 'hello', id: 1, options: {} }))];

answerParent(async ({ port, count }: { port: number; count: number }) => {
  while (open.length < count) {
    const some = Math.min(50, count - open.length);
    open.push(
      ...(await Promise.all(Array.from({ length: some }, () => openRawSubscriber({ port, path: '/ws' }, hello)))),
    );
  }
  return { open: open.length };
});
