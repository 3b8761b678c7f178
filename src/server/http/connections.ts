import { limitIn, wordIn } from '../query.ts';
import { sendJson } from './reply.ts';
import type { HttpCall, Route, RouteDoc } from './route.ts';
import { sessionOrders, worstSessions } from './shown-session.ts';

const usualLimit = 20;
const maxLimit = 1000;

export const listDoc: RouteDoc = {
  summary: 'Who is connected, the worst first',
  query: { limit: `1 to ${maxLimit}; ${usualLimit} when absent.`, sort: sessionOrders.join(', ') },
  answers: { 200: 'Sessions with lag, buffered bytes, step and ledger.', 400: 'A parameter makes no sense.' },
};

/** Who is connected, the worst first: furthest behind, most bytes waiting, or most publications gone without. */
export const connections: Route = {
  method: 'get',
  path: '/connections',
  doc: listDoc,
  guard: 'inside',
  handle: listConnections,
};

export function listConnections({ res, query, parts }: HttpCall): void {
  const limit = limitIn(query, 'limit', usualLimit, maxLimit);
  const { count, worst } = worstSessions(parts.served(), wordIn(query, 'sort', sessionOrders), limit);
  sendJson(res, 'ok', { count, connections: worst });
}
