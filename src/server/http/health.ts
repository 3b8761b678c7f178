import { sendJson } from './reply.ts';
import type { Route } from './route.ts';

/** Alive: the loop turns and the socket answers. Depends on nothing else. */
export const health: Route = {
  method: 'get',
  path: '/healthz',
  handle: ({ res }) => sendJson(res, 'ok', { status: 'ok' }),
};
