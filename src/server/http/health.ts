import { sendJson } from './reply.ts';
import type { Route } from './route.ts';

/** Alive: the loop turns and the socket answers. Depends on nothing else. */
export const health: Route = {
  method: 'get',
  path: '/healthz',
  doc: { summary: 'Whether the server works', answers: { 200: 'It does.' } },
  handle: ({ res }) => sendJson(res, 'ok', { status: 'ok' }),
};
