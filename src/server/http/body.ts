/** What comes with a request. */

import type { HttpResponse } from '../uws.ts';

/** Calls `done` once with the whole body, or with nothing as soon as it is longer than allowed. */
export function readBody(res: HttpResponse, maxBytes: number, done: (body: Buffer | undefined) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  let isDone = false;
  res.onAborted(() => {
    isDone = true; // the peer left: there is nobody to answer
  });
  res.onData((chunk, isLast) => {
    if (isDone) return;
    size += chunk.byteLength;
    if (size <= maxBytes) chunks.push(Buffer.from(new Uint8Array(chunk))); // the chunk is taken back after this call
    if (size <= maxBytes && !isLast) return;
    isDone = true;
    done(size > maxBytes ? undefined : Buffer.concat(chunks));
  });
}
