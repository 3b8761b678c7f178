/** Pieces of an event stream as its readers parse it: WHATWG HTML, section 9.2. */

/** One event with its JSON, which has no line breaks. */
export function eventText(op: string, body: object): Uint8Array {
  return Buffer.from(`event: ${op}\ndata: ${JSON.stringify({ op, ...body })}\n\n`);
}

/** Readers pass over it; whatever stands between them and us sees that the connection lives. */
export const heartbeatText: Uint8Array = Buffer.from(': hb\n\n');

/** How long a reader should wait before it comes back. */
export function retryText(ms: number): Uint8Array {
  return Buffer.from(`retry: ${Math.round(ms)}\n\n`);
}

/**
 * Whole events in one piece, the last of them with this id: some readers know an id only by an event that has data.
 * Without an id it is that of the events before.
 */
export function withId(events: readonly Uint8Array[], id: string | undefined): Uint8Array {
  const whole = events.length === 1 && events[0] !== undefined ? events[0] : Buffer.concat(events);
  if (id === undefined || whole.length === 0) return whole;
  return Buffer.concat([whole.subarray(0, -1), Buffer.from(`id: ${id}\n\n`)]);
}
