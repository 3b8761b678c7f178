/** How the log and the peer name one HTTP request. */

import { randomBytes } from 'node:crypto';

const process = randomBytes(4).toString('hex');
let last = 0;

/** The id that came with the request, where it is one (`X-Request-Id`), or a new one. */
export function requestId(given: string): string {
  return /^[A-Za-z0-9._-]{1,64}$/.test(given) ? given : `${process}-${(++last).toString(36)}`;
}
