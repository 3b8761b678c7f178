/** Makes some connections read as their profile says. */

import type { Slow } from '../plan.ts';
import type { LightClient } from './light-client.ts';

/** Whether the connection of this number is one of the `share`, which are spread evenly. */
export function isAmongSlow(number: number, share: number): boolean {
  return Math.floor((number + 1) * share) > Math.floor(number * share);
}

export function slowDown(clients: readonly LightClient[], { share, how }: Slow): void {
  for (const client of clients) {
    if (!isAmongSlow(client.number, share)) continue;
    client.isSlow = true;
    client.readAtMost(how.kind === 'bytesPerSec' ? how.bytesPerSec : 0);
    if (how.kind === 'stallFor') setTimeout(() => client.readAtMost(Number.POSITIVE_INFINITY), how.seconds * 1000);
  }
}
