/** Holds the subscribers of one side: counts what all of them get, and reads what some of them get. */

import { encodeHistogram, type Histogram, newHistogram, record } from '../load/histogram.ts';
import { answerParent } from '../support/child.ts';
import { sharedMicros } from '../support/shared-clock.ts';
import { sum } from '../support/statistics.ts';
import { catalog } from './catalog/index.ts';
import { openCreditLine } from './credit.ts';
import type { LoadRequest, Settled } from './load-protocol.ts';
import { Member } from './member.ts';
import type { Peer } from './peer.ts';

const atOnce = 50; // connections being opened
const readMembers = 20;
/** As often as Tickwire asks a client that always answers at once, some at a time. */
const pongEveryMs = 4000;
const someEveryMs = 40;

const members: Member[] = [];
let side: { readonly peer: Peer; readonly port: number; credit(received: number): void } | undefined;
let latencies: Histogram = newHistogram();
let lastMicros = 0;
/** Those who are read. */
let watched: Member[] = [];
let isCreditDue = false;
let ponged = 0;

answerParent((request: LoadRequest) => {
  switch (request.ask) {
    case 'join':
      return join(request);
    case 'begin':
      return begin(request.payloadBytes);
    case 'settle':
      return settle(request.published);
  }
});

async function join({
  peer: name,
  port,
  creditPort,
  subscribers,
  isSilent,
}: LoadRequest & { ask: 'join' }): Promise<void> {
  const peer = catalog[name];
  side = { peer, port, credit: await openCreditLine(creditPort) };
  while (members.length < subscribers) {
    const some = Array.from({ length: Math.min(atOnce, subscribers - members.length) }, () =>
      Member.open(peer.joining, port),
    );
    members.push(...(await Promise.all(some)));
  }
  await Promise.all(members.map(({ joined }) => joined));
  if (!isSilent) setInterval(askForPongs, someEveryMs);
}

function askForPongs(): void {
  for (let left = Math.ceil((members.length * someEveryMs) / pongEveryMs); left > 0; left--) {
    members[ponged++ % members.length]?.owePong();
  }
}

async function begin(payloadBytes: number): Promise<void> {
  await replaceClosed();
  latencies.destroy();
  latencies = newHistogram();
  for (const member of members) member.begin();
  const every = Math.max(1, Math.floor(members.length / readMembers));
  watched = members.filter((_, i) => i % every === 0);
  for (const member of watched) member.begin(side?.peer.reader(payloadBytes), read);
}

async function replaceClosed(): Promise<void> {
  if (side === undefined) throw new Error('nobody has joined');
  for (const [i, { isClosed }] of members.entries()) {
    if (isClosed) members[i] = await Member.open(side.peer.joining, side.port);
  }
  await Promise.all(members.map(({ joined }) => joined));
}

/** Called for each delivery, so quick. */
function read(stampMicros: number): void {
  lastMicros = sharedMicros();
  record(latencies, lastMicros - stampMicros);
  if (isCreditDue) return;
  isCreditDue = true;
  setImmediate(() => {
    isCreditDue = false;
    const least = leastWatched();
    if (Number.isFinite(least)) side?.credit(least); // unless the last of them was cut off just now
  });
}

function leastWatched(): number {
  return Math.min(...watched.filter(({ isClosed }) => !isClosed).map(({ deliveries }) => deliveries));
}

async function settle(published: number): Promise<Settled> {
  await arrival(published);
  return {
    deliveries: deliveriesOfAll(),
    closed: members.filter(({ isClosed }) => isClosed).length,
    lastMicros,
    latencies: encodeHistogram(latencies),
  };
}

/** A delivery takes as many bytes for all as for those who are watched. */
function deliveriesOfAll(): number {
  const seen = sum(watched, ({ deliveries }) => deliveries);
  const bytesSeen = sum(watched, (member) => member.bytes());
  return seen === 0 ? 0 : Math.round((sum(members, (member) => member.bytes()) * seen) / bytesSeen);
}

/** Everything is there, or nothing came for a while. */
async function arrival(published: number): Promise<void> {
  const patienceMs = 1500;
  let [bytes, since] = [-1, performance.now()];
  while (!isComplete(published) && performance.now() - since < patienceMs) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const now = sum(members, (member) => member.bytes());
    if (now !== bytes) [bytes, since] = [now, performance.now()];
  }
}

function isComplete(published: number): boolean {
  const bytes = members[0]?.bytes();
  return (
    watched.every(({ deliveries }) => deliveries === published) && members.every((member) => member.bytes() === bytes)
  );
}
