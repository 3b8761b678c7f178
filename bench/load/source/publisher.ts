/** Clients that publish the load on topics which the server opens for them, in a process of their own. */

import { type Client, TickwireError } from '../../../src/client/index.ts';
import { answerParent } from '../../support/child.ts';
import { sharedMicros } from '../../support/shared-clock.ts';
import { stampedText } from '../../support/stamp.ts';
import { encodeHistogram, newHistogram, record } from '../histogram.ts';
import type { Stamped } from '../plan.ts';
import { ownUse } from '../process-use.ts';
import { BenchError } from '../scenario.ts';
import { openPattern, topicName } from '../topic-names.ts';
import { openClient } from '../trusting-client.ts';
import { eagerLoop, restingLoop } from './event-loop.ts';
import { burstEveryMicros, runSchedule } from './schedule.ts';
import type { PublisherLook, PublisherRequest } from './source-protocol.ts';
import { type Published, Tally } from './tally.ts';

const settleMs = 5000; // what is not answered by then is not counted as published

const eagerFromMicros = 5000; // bursts this far apart leave the core to others for most of the time

const tally = new Tally();
const lateness = newHistogram();
let clients: readonly Client[] = [];
let stamped: Stamped | undefined;
let stopSchedule = () => {};
/** The first refusal; publishing ends with it. */
let refused: Error | undefined;
const unanswered = new Set<Promise<void>>();

answerParent((request: PublisherRequest) => {
  switch (request.ask) {
    case 'connect':
      return join(request.url, request.publishers, request.stamped);
    case 'start':
      return start();
    case 'measure':
      lateness.reset();
      return tally.measure(request.window);
    case 'stop':
      return stop();
    case 'look':
      return look();
  }
});

/** Publishes once, too, so that a topic that is closed to clients is known before anything is measured. */
async function join(url: string, publishers: number, what: Stamped): Promise<void> {
  stamped = what;
  clients = await Promise.all(Array.from({ length: publishers }, () => openClient(url)));
  await publishOne(0, sharedMicros(), stampedText(what.payloadBytes));
  if (refused !== undefined) throw refused;
}

function start(): void {
  if (stamped === undefined) throw new Error('nobody is connected');
  const text = stampedText(stamped.payloadBytes);
  stopSchedule();
  stopSchedule = runSchedule(
    stamped,
    (topics, due) => {
      for (const topic of topics) {
        record(lateness, sharedMicros() - due);
        const answer = publishOne(topic, due, text).finally(() => unanswered.delete(answer));
        unanswered.add(answer);
      }
    },
    burstEveryMicros(stamped) < eagerFromMicros ? restingLoop : eagerLoop,
  );
}

/** A bare text, which topics without a schema take. A topic is always published by the same client, in order. */
async function publishOne(topic: number, due: number, text: (due: number) => string): Promise<void> {
  const name = topicName(topic);
  try {
    const answer = await clients[topic % clients.length]?.publish(name, text(due));
    if (answer !== undefined) tally.add(name, due, answer.seq);
  } catch (error) {
    stopSchedule();
    refused ??= refusal(name, error);
  }
}

function refusal(topic: string, error: unknown): Error {
  if (!(error instanceof TickwireError)) return error instanceof Error ? error : new Error(String(error));
  const remedy =
    error.reason === 'forbidden' ? `; add { "pattern": "${openPattern}" } to \`open\` in its configuration` : '';
  return new BenchError(`the server refused a publication on ${topic}: ${error.message}${remedy}`);
}

async function stop(): Promise<Published> {
  stopSchedule();
  await Promise.race([Promise.all(unanswered), new Promise((resolve) => setTimeout(resolve, settleMs))]);
  if (refused !== undefined) throw refused;
  return tally.published();
}

function look(): PublisherLook {
  return { ...ownUse(), lateness: encodeHistogram(lateness) };
}
