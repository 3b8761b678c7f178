import type { ClientFrame, FrameOf } from '../../protocol/index.ts';

/** What the client sees, into the metrics. It is not answered. */
export function report(_frame: FrameOf<ClientFrame, 'report'>): void {}
