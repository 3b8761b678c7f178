/** Which messages are compressed (permessage-deflate, RFC 7692), for clients that asked for it. */

import type { Uws } from './uws.ts';

/**
 * How the library compresses: each message by itself. It compresses for each connection anew in any case; with a window
 * for each connection it takes 75 KB of memory more and up to twice the time, and saves less on joined MessagePack.
 */
export function compressionOf(uws: Uws, compressFromBytes: number): number {
  return compressFromBytes === 0 ? 0 : uws.SHARED_COMPRESSOR | uws.SHARED_DECOMPRESSOR;
}

/** Whether this message is to be compressed; `compressFromBytes` 0: none is. */
export function isLongEnough(message: Uint8Array, compressFromBytes: number): boolean {
  return compressFromBytes > 0 && message.length >= compressFromBytes;
}
