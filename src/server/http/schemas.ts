import { sendJson } from './reply.ts';
import type { Route } from './route.ts';

/** The wire schemas by number, as SCHEMA frames tell them. */
export const schemas: Route = {
  method: 'get',
  path: '/schemas',
  doc: { summary: 'The wire schemas by number', answers: { 200: 'Fields in the order in which they travel.' } },
  handle: ({ res, parts }) => sendJson(res, 'ok', { schemas: parts.schemas.all() }),
};
