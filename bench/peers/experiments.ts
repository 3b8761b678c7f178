/** What is run: each experiment on every side, round by round. */

import { catalog } from './catalog/index.ts';
import type { Pace } from './drive.ts';
import { peerNames } from './peer.ts';
import type { SideSpec } from './side.ts';

export const experimentIds = [
  'turn-1',
  'turn-10',
  'turn-100',
  'single-128',
  'single-32',
  'rate-1000',
  'rate-100',
] as const;
export type ExperimentId = (typeof experimentIds)[number];

export type Experiment = {
  readonly title: string;
  readonly subscribers: number;
  readonly payloadBytes: number;
  readonly pace: Pace;
};

export const subscribersOf = { many: 1000, few: 100 } as const;
/** Slow brokers take them all in at once, and each run waits until they are through. */
export const windowSize = 256;
const beatMs = 25; // slow enough that the subscribers' core keeps up, so the server's CPU is what is measured

export const experiments: Readonly<Record<ExperimentId, Experiment>> = {
  'turn-1': many('1 publication at a time, at leisure', 128, { by: 'turns', perTurn: 1, beatMs }),
  'turn-10': many('10 publications at once', 128, { by: 'turns', perTurn: 10, beatMs }),
  'turn-100': many('100 publications at once', 128, { by: 'turns', perTurn: 100, beatMs }),
  'single-128': many('each by itself, as fast as it goes, 128 bytes', 128, { by: 'window', size: windowSize }),
  'single-32': many('each by itself, as fast as it goes, 32 bytes', 32, { by: 'window', size: windowSize }),
  'rate-1000': many('1000 subscribers × 100 a second', 128, { by: 'clock', perSec: 100 }),
  'rate-100': {
    title: '100 subscribers × 1000 a second',
    subscribers: subscribersOf.few,
    payloadBytes: 128,
    pace: { by: 'clock', perSec: 1000 },
  },
};

function many(title: string, payloadBytes: number, pace: Pace): Experiment {
  return { title, subscribers: subscribersOf.many, payloadBytes, pace };
}

/** The peers as they come, and two that answer a question by themselves. */
export const sides: readonly SideSpec[] = [
  ...peerNames.map((peer) => ({ id: peer, title: catalog[peer].title, peer })),
  { id: 'tickwire-joining', title: 'Tickwire, `flushIntervalMs: 5`', peer: 'tickwire', flushIntervalMs: 5 },
  { id: 'bare-silent', title: 'bare uWebSockets.js, clients silent', peer: 'bare', isSilent: true },
];
