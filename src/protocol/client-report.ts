/** What a client says that it saw, checked: its numbers end up in everybody's metrics. */

import { bad, list, object, whole } from './field-readers.ts';
import { type ClientReport, type ClientRuntime, clientRuntimes, latencyBoundsMs } from './frames.ts';

const maxForMs = 3_600_000; // an hour: nobody is asked for less often
const maxFrames = 1_000_000_000;

/** Throws ProtocolError naming the field and the value. */
export function readReport(value: unknown): ClientReport {
  const { forMs, frames, latency, runtime } = object(value, 'report');
  const counts = list(latency, 'report.latency');
  if (counts.length !== latencyBoundsMs.length + 1) {
    throw bad('report.latency', latency, `${latencyBoundsMs.length + 1} counts`);
  }
  return {
    forMs: whole(forMs, 'report.forMs', 1, maxForMs),
    frames: whole(frames, 'report.frames', 0, maxFrames),
    latency: counts.map((count, i) => whole(count, `report.latency[${i}]`, 0, maxFrames)),
    runtime: runtimeOf(runtime),
  };
}

function runtimeOf(value: unknown): ClientRuntime {
  return clientRuntimes.find((known) => known === value) ?? 'other';
}
