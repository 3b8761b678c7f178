/** Holds the subscribers of one side: counts what all of them get, and reads what some of them get. */

import { encodeHistogram, type Histogram, newHistogram, record } from '../load/histogram.ts';
import { answerParent } from '../support/child.ts';
import { sharedMicros } from '../support/shared-clock.ts';
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

async function join({ peer: name, port, creditPort, subscribers, isSilent }: LoadRequest & { ask: 'join' }): Promise<void> {
  const peer = catalog[name];
  side = { peer, port, credit: await openCreditLine(creditPort) };
  while (members.length < subscribers) {
    const some = Array.from({ length: Math.min(atOnce, subscribers - members.length) }, () => Member.join(peer.joining, port));
    members.push(...(await Promise.all(some)));
  }
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
  members.forEach((member, i) => {
    if (isRead(i)) member.begin(side?.peer.reader(payloadBytes), read);
    else member.begin();
  });
}

async function replaceClosed(): Promise<void> {
  if (side === undefined) throw new Error('nobody has joined');
  for (const [i, member] of members.entries()) {
    if (member.isClosed) members[i] = await Member.join(side.peer.joining, side.port);
  }
}

function isRead(index: number): boolean {
  return index % Math.max(1, Math.floor(members.length / readMembers)) === 0;
}

function read(stampMicros: number): void {
  lastMicros = sharedMicros();
  record(latencies, lastMicros - stampMicros);
  if (isCreditDue) return;
  isCreditDue = true;
  setImmediate(() => {
    isCreditDue = false;
    side?.credit(Math.min(...readOnes().map(({ deliveries }) => deliveries)));
  });
}

function readOnes(): Member[] {
  return members.filter((member, i) => isRead(i) && !member.isClosed);
}

async function settle(published: number): Promise<Settled> {
  await arrival(published);
  const ones = readOnes();
  const bytesEach = sum(ones.map((member) => member.bytes())) / sum(ones.map(({ deliveries }) => deliveries));
  return {
    deliveries: Math.round(sum(members.map((member) => member.bytes())) / bytesEach),
    closed: members.filter(({ isClosed }) => isClosed).length,
    lastMicros,
    latencies: encodeHistogram(latencies),
  };
}

/** Everything is there, or nothing came for a while. */
async function arrival(published: number): Promise<void> {
  const patienceMs = 1500;
  let [bytes, since] = [-1, performance.now()];
  while (!isComplete(published) && performance.now() - since < patienceMs) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const now = sum(members.map((member) => member.bytes()));
    if (now !== bytes) [bytes, since] = [now, performance.now()];
  }
}

function isComplete(published: number): boolean {
  const bytes = members[0]?.bytes();
  return readOnes().every(({ deliveries }) => deliveries === published) && members.every((member) => member.bytes() === bytes);
}

function sum(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
