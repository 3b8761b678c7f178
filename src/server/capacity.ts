/** How many connections a server holds. */

import type { ServerOptions } from './options.ts';

/** Why one more can't be let in, through whichever door; undefined while there is room. */
export function capacityFault(connected: number, { maxConnections }: ServerOptions): string | undefined {
  return connected < maxConnections ? undefined : `the server holds its ${maxConnections} connections (maxConnections)`;
}
