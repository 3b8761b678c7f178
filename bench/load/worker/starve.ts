/** Takes time away from this process, so that a run may be seen to doubt itself. */

import { spin } from '../../support/spin.ts';

const everyMs = 100;
let timer: NodeJS.Timeout | undefined;

/** Busy for such a share of each tenth of a second from now on; 0: no longer. */
export function starve(share: number): void {
  clearInterval(timer);
  if (share > 0) timer = setInterval(() => spin(share * everyMs), everyMs);
}
