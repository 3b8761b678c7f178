/** SUBSCRIBE requests in frames that every server takes. */

import type { Position, SubscriptionRequest } from '../protocol/frames.ts';

const maxRequests = 256;
const maxBytes = 60_000; // a server takes 64 KiB
const maxNodes = 4000; // and 4096 values in a frame
const maxPositions = 700;
const numberBytes = 24; // of a seq with 16 digits, and all that stands between

/** As many of `requests` in each frame as fit. */
export function* requestFrames(requests: readonly SubscriptionRequest[]): Iterable<readonly SubscriptionRequest[]> {
  let frame: SubscriptionRequest[] = [];
  let bytes = 0;
  let nodes = 0;
  for (const request of requests) {
    const size = sizeOf(request);
    const isFull = frame.length >= maxRequests || bytes + size > maxBytes || nodes + nodesOf(request) > maxNodes;
    if (isFull && frame.length > 0) {
      yield frame;
      frame = [];
      bytes = nodes = 0;
    }
    frame.push(request);
    bytes += size;
    nodes += nodesOf(request);
  }
  if (frame.length > 0) yield frame;
}

/** The same request, going on from as many of `positions` as there is room for, the first ones first. */
export function resuming(
  request: SubscriptionRequest,
  positions: Iterable<readonly [topic: string, position: Position]>,
): SubscriptionRequest {
  const listed: [string, Position][] = [];
  let bytes = sizeOf(request);
  for (const [topic, position] of positions) {
    bytes += topic.length + 3 * position[0].length + numberBytes; // an epoch may be any text, a topic is plain letters
    if (bytes > maxBytes || listed.length >= maxPositions) break;
    if (!isPoison(topic)) listed.push([topic, position]);
  }
  return { ...request, since: { positions: Object.fromEntries(listed) } };
}

/** JSON is longer than MessagePack, whatever is written. */
function sizeOf(value: object): number {
  return utf8.encode(JSON.stringify(value)).length;
}

const utf8 = new TextEncoder();

function nodesOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  const keys = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce((sum: number, item) => sum + nodesOf(item), 1 + keys);
}

/** A server refuses maps with these keys, whoever sends them. */
function isPoison(key: string): boolean {
  return key === '__proto__' || key === 'constructor' || key === 'prototype';
}
