/** The HTTP routes that are loaded. To add one: list it here. */

import type { Options } from 'autocannon';

export type Route = {
  readonly label: string;
  readonly request: Pick<Options, 'method' | 'body' | 'headers'> & { readonly path: string };
  /** One answer that never ends, so what counts is what comes of it. */
  readonly isStream?: boolean;
};

export const routes: readonly Route[] = [
  { label: 'GET /topics/<topic>', request: { path: '/topics/bench.t0' } },
  {
    label: 'POST /publish',
    request: {
      path: '/publish',
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ topic: 'bench.http', data: 'x'.repeat(64) }), // nobody subscribes to it
    },
  },
  { label: 'GET /metrics', request: { path: '/metrics' } },
  { label: 'GET /events', request: { path: '/events?topics=bench.%3E' }, isStream: true },
];
