/** How the figures came about, in sentences: what a reader needs to doubt them in the right places. */

import type { Comparison } from './comparison.ts';
import { windowSize } from './experiments.ts';

/** A list in Markdown. */
export function method({ isBound, seconds }: Comparison): string {
  const placed = isBound
    ? 'Servers run on one core, the processes of the subscribers on another; a broker’s publisher goes where there is room.'
    : 'Processes could not be bound to cores here, so servers and clients get into each other’s way.';
  return [
    `- ${placed} All sides are connected at once and take turns, ${seconds} s each, so that all see the same machine. A first run of each is not counted.`,
    '- Everyone’s payload is the same text; it begins with the time at which it was due. 20 subscribers of each side are read for that; of all others bytes are counted, so that "delivered" is what arrived, not what was published.',
    '- "A turn": so many publications at once (of a library: in one turn of its event loop; to a broker: in one write), and the next ones when these have arrived, after 25 ms at the earliest. Neither core is full then, so the CPU is what a delivery costs.',
    `- "One at a time": each message by itself (in a loop turn of its own, in a write of its own), as fast as it goes with ${windowSize} of them under way; the slowest of the 20 says over a connection of its own how far it is. CPU time of those words is the publisher’s, hence the server’s with libraries.`,
    '- "At a fixed rate": each message has its time, whatever became of those before; latency runs from that time. A timer of Node.js adds up to a millisecond, for all alike.',
    '- Libraries are published to from within their own process. Brokers get what is published over a connection, which costs them and adds a hop; their publisher’s CPU is counted apart. That is how each is used, and it is not the same work.',
    '- Socket.IO, NATS and mosquitto ask their clients for signs of life once an hour here, and nothing is compressed or kept on disk.',
    '- On Linux a client that has sent something right after data came in acknowledges further data as it comes in (`net.ipv4.tcp_pingpong_thresh`), which on one machine is CPU time of the server. Tickwire pings its clients, so theirs do. To be even, the subscribers of all peers send a WebSocket pong that nobody asked for every 4 s. "Clients silent" shows what bare uWebSockets.js does without.',
    '- CPU time is that of all threads and child processes, read from `/proc`; work that the kernel does for nobody in particular is in nobody’s.',
  ].join('\n');
}
