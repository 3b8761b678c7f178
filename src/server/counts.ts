/** What a server counts as it works, in plain numbers that whoever wants to know reads now and then. */

import {
  type ClientFrame,
  type ClientReport,
  type ClientRuntime,
  type CloseReason,
  clientFrames,
  closeCodes,
  type ErrorReason,
  errorCodes,
  latencyBoundsMs,
  type Step,
} from '../protocol/index.ts';
import { BucketCounts } from './bucket-counts.ts';

/** Why a connection was not let in. */
const refusalReasons = [
  'capacity',
  'draining',
  'origin',
  'version',
  'key',
  'subprotocol',
  'encoding',
  'query',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/** What became of a request that is not for everybody. */
const adminOutcomes = ['ok', 'missing', 'wrong', 'limited', 'off'] as const;
export type AdminOutcome = (typeof adminOutcomes)[number];

/** How a connection ended: a reason of the server's own, or one of these. */
const peersEndings = ['client', 'lost', 'other'] as const;
export type Ending = CloseReason | (typeof peersEndings)[number];

/** What there is only so much of. */
const limits = [
  'maxConnections',
  'maxSubscriptions',
  'maxViewTopics',
  'maxErrors',
  'maxPublishBytes',
  'clientTopics',
  'adminRate',
] as const;

const transports = ['websocket', 'sse'] as const;
export type Transport = (typeof transports)[number];
export type Traffic = { messages: number; bytes: number };

const publishDoors = ['websocket', 'http'] as const;
export type PublishDoor = (typeof publishDoors)[number];
const publishOutcomes = ['taken', 'forbidden', 'schemaMismatch', 'badRequest', 'limit'] as const;
export type PublishOutcomeName = (typeof publishOutcomes)[number];

export const latencyBoundsSec = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];

export class ServerCounts {
  readonly accepted = zeros(transports);
  readonly refused = zeros(refusalReasons);
  readonly closed = zeros<Ending>([...keysOf(closeCodes), ...peersEndings]);
  connections = 0;
  /** Most of them at once. */
  peak = 0;
  hellos = 0;
  readonly steps: Record<Step, number> = { full: 0, conflated: 0, limited: 0 };
  readonly limitHits = zeros(limits);
  readonly admin = zeros(adminOutcomes);
  /** To one connection alone; what streams send is the hub's to count. */
  readonly sent: Record<Transport, Traffic> = { websocket: traffic(), sse: traffic() };
  receivedBytes = 0;
  readonly received = zeros<ClientFrame['op'] | 'unreadable'>([...keysOf(clientFrames), 'unreadable']);
  readonly errorsSent = zeros<ErrorReason>(keysOf(errorCodes));
  readonly clientPublications: Record<PublishDoor, Record<PublishOutcomeName, number>> = {
    websocket: zeros(publishOutcomes),
    http: zeros(publishOutcomes),
  };
  /** Seconds from a lag probe to its answer. */
  readonly probes = new BucketCounts(latencyBoundsSec);
  reports = 0;
  readonly reported = { frames: 0, seconds: 0 };
  /** Seconds, as clients say. */
  readonly clientLatency: Record<ClientRuntime, BucketCounts> = {
    browser: clientBuckets(),
    node: clientBuckets(),
    other: clientBuckets(),
  };
  readonly #answers = new Map<string, number>();

  connected(transport: Transport): void {
    this.accepted[transport]++;
    this.connections++;
    if (this.connections > this.peak) this.peak = this.connections;
  }

  disconnected(ending: Ending): void {
    this.closed[ending]++;
    this.connections--;
  }

  published(door: PublishDoor, outcome: PublishOutcomeName): void {
    this.clientPublications[door][outcome]++;
    if (outcome === 'limit') this.limitHits.clientTopics++;
  }

  refuse(reason: RefusalReason): void {
    this.refused[reason]++;
    if (reason === 'capacity') this.limitHits.maxConnections++;
  }

  /** `spanMs`: the time that it can speak of. */
  tookReport({ forMs, frames, latency, runtime }: ClientReport, spanMs: number): void {
    const seconds = Math.min(forMs, spanMs + slackMs) / 1000;
    this.reports++;
    this.reported.frames += Math.min(frames, mostFramesPerSec * seconds);
    this.reported.seconds += seconds;
    this.clientLatency[runtime].merge(weighed(latency, samplesPerSec * seconds));
  }

  /** `route` is a path of the routes' table, `status` one of theirs: so there are only so many pairs. */
  answered(route: string, status: string): void {
    const key = `${route} ${status.slice(0, 3)}`;
    this.#answers.set(key, (this.#answers.get(key) ?? 0) + 1);
  }

  *answers(): Iterable<{ route: string; code: string; count: number }> {
    for (const [key, count] of this.#answers) {
      const [route = '', code = ''] = key.split(' ');
      yield { route, code, count };
    }
  }
}

/** What a close code that the peer sent, or that stands for its silence, says. */
export function endingOf(code: number): Ending {
  if (code === 1006) return 'lost';
  if (code === 1000 || code === 1001 || (code >= 3000 && code <= 3999)) return 'client';
  return 'other';
}

/** No client weighs more than another that samples as often as is asked for, whatever it says. */
function weighed(counts: readonly number[], most: number): readonly number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return total <= most ? counts : counts.map((count) => Math.round((count / total) * most));
}

const samplesPerSec = 100;
const mostFramesPerSec = 100_000; // more than a client can read
const slackMs = 1000; // clocks and networks are not exact

function zeros<Key extends string>(keys: readonly Key[]): Record<Key, number> {
  return Object.fromEntries(keys.map((key) => [key, 0])) as Record<Key, number>; // each of them, by the line before
}

function keysOf<Key extends string>(table: Readonly<Record<Key, unknown>>): Key[] {
  return Object.keys(table) as Key[]; // tables are literal objects
}

function traffic(): Traffic {
  return { messages: 0, bytes: 0 };
}

function clientBuckets(): BucketCounts {
  return new BucketCounts(latencyBoundsMs.map((ms) => ms / 1000));
}
