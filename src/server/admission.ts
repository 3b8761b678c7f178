/** Whether one more connection is let in, through whichever door. */

import type { ServerOptions } from './options.ts';

export type Refusal = { readonly reason: 'draining' | 'capacity'; readonly message: string };

/** For both reasons: by then somebody has left, or the next server is there. */
export const retryAfterSec = 5;

/** Undefined while there is room. */
export function refusal(
  { isDraining, connected }: { isDraining: boolean; connected: number },
  { maxConnections }: Pick<ServerOptions, 'maxConnections'>,
): Refusal | undefined {
  if (isDraining) return { reason: 'draining', message: 'the server is draining: it stops soon' };
  if (connected < maxConnections) return undefined;
  return { reason: 'capacity', message: `the server holds its ${maxConnections} connections (maxConnections)` };
}
