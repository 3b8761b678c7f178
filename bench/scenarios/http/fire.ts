/** Loads one route with autocannon. */

import autocannon, { type Client, type Options, type Result } from 'autocannon';
import { type Histogram, newHistogram, percentilesMs, record } from '../../load/histogram.ts';
import type { Percentiles } from '../../load/report.ts';
import type { Route } from './routes.ts';

export type Shot = {
  /** Of the server, as `http://host:port`. */
  readonly base: string;
  readonly connections: number;
  /** Requests a second, which autocannon sends at the beginning of each second; of no effect on streams. */
  readonly rate: number;
  readonly seconds: number;
};

export type Hits = {
  readonly seconds: number;
  /** Answered with 2xx. */
  readonly answered: number;
  /** By what came instead: `503`, `error`. */
  readonly failed: Readonly<Record<string, number>>;
  /** From each request to its whole answer, whatever that was; undefined when there was none. */
  readonly ms: Percentiles | undefined;
  /** Of what came over each connection of a stream. */
  readonly streamed: readonly number[];
};

/** Resolves when the time is over; rejects with the signal's reason. */
export function fire(route: Route, shot: Shot, signal: AbortSignal): Promise<Hits> {
  const streams: Stream[] = [];
  const times = newHistogram();
  const options = optionsOf(route, shot, (client) => streams.push(new Stream(client)));
  return new Promise((resolve, reject) => {
    const stop = () => cannon.stop();
    const cannon = autocannon(options, (error, result) => {
      signal.removeEventListener('abort', stop);
      if (signal.aborted) reject(signal.reason);
      else if (error) reject(error);
      else resolve(hitsOf(result, times, route.isStream === true ? streams : []));
      times.destroy();
    });
    cannon.on('response', (_client, _status, _bytes, ms) => record(times, ms * 1000));
    signal.addEventListener('abort', stop);
  });
}

function hitsOf(result: Result, times: Histogram, streams: readonly Stream[]): Hits {
  return {
    seconds: result.duration,
    answered: result['2xx'],
    failed: failures(result),
    ms: percentilesMs(times),
    streamed: streams.map(({ bytes }) => bytes),
  };
}

function optionsOf({ request, isStream }: Route, shot: Shot, setupClient: (client: Client) => void): Options {
  const { path, ...how } = request;
  return {
    ...how,
    url: shot.base + path,
    connections: shot.connections,
    duration: shot.seconds,
    timeout: shot.seconds + 10, // a stream's answer lasts for as long as it is read
    setupClient,
    // its correction of coordinated omission takes every rate for one each millisecond
    ...(isStream !== true && { overallRate: shot.rate, ignoreCoordinatedOmission: true }),
  };
}

function failures({ statusCodeStats = {}, errors }: Result): Record<string, number> {
  const others = Object.entries(statusCodeStats).filter(([status]) => !status.startsWith('2'));
  const failed = Object.fromEntries(others.map(([status, { count = 0 }]) => [status, count]));
  return errors > 0 ? { ...failed, error: errors } : failed;
}

class Stream {
  bytes = 0;

  constructor(client: Client) {
    let before: Buffer | undefined;
    client.on('body', (packet) => {
      if (packet !== before) this.bytes += packet.length; // told once for each HTTP chunk in it
      before = packet;
    });
  }
}
