/** What a scanner should tell of frames, and what it tells, in the same words. */

import type { FrameSink, Scanner } from '../../../../bench/load/wire/frame-sink.ts';
import type { Times } from '../../../../bench/load/worker/worker-protocol.ts';
import { readStamp } from '../../../../bench/support/stamp.ts';
import type { ServerFrame } from '../../../../src/protocol/index.ts';

export type Told = readonly unknown[];

export function scanned(scanner: Scanner, message: Uint8Array): Told[] {
  const told: Told[] = [];
  const sink: FrameSink = {
    welcomed: () => told.push(['welcomed']),
    subscribed: (...what) => told.push(['subscribed', ...what]),
    answered: (...what) => told.push(['answered', ...what]),
    refused: (...what) => told.push(['refused', ...what]),
    named: (...what) => told.push(['named', ...what]),
    positioned: (...what) => told.push(['positioned', ...what]),
    published: (...what) => told.push(['published', ...what]),
    skipped: (...what) => told.push(['skipped', ...what]),
    missed: (...what) => told.push(['missed', ...what]),
  };
  scanner.scan(message, sink);
  return told;
}

export function expected(frames: readonly ServerFrame[], from: Times['from']): Told[] {
  return frames.map((frame) => told(frame, from)).filter((what) => what !== undefined);
}

function told(frame: ServerFrame, from: Times['from']): Told | undefined {
  const due = (ts: number, text: unknown) => (from === 'event' ? ts : stampOf(text));
  switch (frame.op) {
    case 'welcome':
      return ['welcomed'];
    case 'subscribed':
      return ['subscribed', frame.id, frame.topics];
    case 'ok':
    case 'unsubscribed':
      return ['answered', frame.id];
    case 'error':
      return ['refused', frame.id ?? undefined, frame.code, frame.message];
    case 'topic':
      return ['named', frame.tid, frame.name, frame.epoch];
    case 'snapshot':
      return frame.last ? ['positioned', frame.tid, frame.seq, frame.recovered] : undefined;
    case 'data':
      return ['published', frame.tid, frame.seq, due(frame.ts, frame.values[0])];
    case 'patch':
      return ['published', frame.tid, frame.seq, due(frame.ts, frame.changes[1])];
    case 'remove':
      return ['published', frame.tid, frame.seq, due(frame.ts, undefined)];
    case 'mark':
      return ['skipped', frame.tid, frame.from, frame.to];
    case 'gap':
      return ['missed', frame.tid, frame.from, frame.to];
    default:
      return undefined;
  }
}

function stampOf(value: unknown): number {
  return typeof value === 'string' ? (readStamp(Buffer.from(value)) ?? 0) : 0;
}
