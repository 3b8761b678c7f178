/** When publications leave: the same for all peers. */

import { sharedMicros } from '../support/shared-clock.ts';
import { stampedText } from '../support/stamp.ts';
import type { Credit } from './credit.ts';
import type { Publish } from './peer.ts';

export type Drive = { readonly payloadBytes: number; readonly forMs: number } & Pace;

export type Pace =
  /** So many at once; again when they have arrived, after `beatMs` at the earliest. */
  | { readonly by: 'turns'; readonly perTurn: number; readonly beatMs: number }
  /** Each by itself, as fast as it goes with so many under way. */
  | { readonly by: 'window'; readonly size: number }
  /** Each by itself, at its time, whatever became of those before. */
  | { readonly by: 'clock'; readonly perSec: number };

export type Driven = { readonly published: number; readonly startedMicros: number };

const patienceMs = 5000; // longer than the slowest peer takes for a hundred messages to a thousand subscribers

/** Resolves when the last one has left. */
export async function drive(by: Drive, publish: Publish, credit: Credit): Promise<Driven> {
  credit.reset();
  const startedMicros = sharedMicros();
  const run = { startedMicros, endsMicros: startedMicros + by.forMs * 1000, text: stampedText(by.payloadBytes) };
  return { published: await paced(by, run, publish, credit), startedMicros };
}

type Run = {
  readonly startedMicros: number;
  readonly endsMicros: number;
  text(dueMicros: number): string;
};

function paced(by: Pace, run: Run, publish: Publish, credit: Credit): Promise<number> {
  switch (by.by) {
    case 'turns':
      return byTurns(by, run, publish, credit);
    case 'window':
      return byWindow(by.size, run, publish, credit);
    case 'clock':
      return byClock(by.perSec, run, publish);
  }
}

async function byTurns(
  { perTurn, beatMs }: { readonly perTurn: number; readonly beatMs: number },
  { endsMicros, text }: Run,
  publish: Publish,
  credit: Credit,
): Promise<number> {
  let published = 0;
  while (sharedMicros() < endsMicros) {
    const beat = sleep(beatMs);
    publish(Array.from({ length: perTurn }, () => text(sharedMicros())));
    published += perTurn;
    await beat;
    await credit.until(published, patienceMs);
  }
  return published;
}

async function byWindow(size: number, { endsMicros, text }: Run, publish: Publish, credit: Credit): Promise<number> {
  let published = 0;
  while (sharedMicros() < endsMicros) {
    publish([text(sharedMicros())]);
    published++;
    await nextTurn();
    await credit.until(published - size + 1, patienceMs);
  }
  return published;
}

async function byClock(perSec: number, { startedMicros, endsMicros, text }: Run, publish: Publish): Promise<number> {
  const gapMicros = 1e6 / perSec;
  let published = 0;
  for (let due = startedMicros; due < endsMicros; due += gapMicros) {
    const ahead = due - sharedMicros();
    if (ahead > 0) await sleep(ahead / 1000);
    else await nextTurn();
    publish([text(due)]);
    published++;
  }
  return published;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
