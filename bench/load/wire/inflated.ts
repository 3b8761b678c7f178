/** A compressed message (permessage-deflate without context takeover) as it was before. */

import { constants, inflateRawSync } from 'node:zlib';

export function inflated(payload: Uint8Array): Uint8Array {
  return inflateRawSync(payload, { finishFlush: constants.Z_SYNC_FLUSH }); // the end mark is left out on the wire
}
