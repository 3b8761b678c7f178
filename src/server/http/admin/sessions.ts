import { booleanIn } from '../../query.ts';
import type { Served } from '../../served.ts';
import { listConnections, listDoc } from '../connections.ts';
import { sendError, sendJson } from '../reply.ts';
import type { HttpCall, Route } from '../route.ts';
import { shownSession } from '../shown-session.ts';
import { audit } from './audit.ts';

const sessionWords = 'As WELCOME and the log have it.';

/** Who is connected: as GET /connections. */
const list: Route = {
  method: 'get',
  path: '/admin/sessions',
  doc: listDoc,
  guard: 'admin',
  handle: listConnections,
};

/** All there is to know of one. */
const one: Route = {
  method: 'get',
  path: '/admin/sessions/:id',
  doc: {
    summary: 'All there is to know of one session',
    path: { id: sessionWords },
    answers: { 200: 'Subscriptions, views and ledger.', 404: 'There is no such session.' },
  },
  guard: 'admin',
  handle(call) {
    const served = sessionOf(call);
    if (served !== undefined) sendJson(call.res, 'ok', shownSession(served, performance.now()));
  },
};

/** Closes its connection, for good or with `?reconnect=1` so that it comes back. */
const kick: Route = {
  method: 'del',
  path: '/admin/sessions/:id',
  doc: {
    summary: 'Close a connection',
    path: { id: sessionWords },
    query: { reconnect: '1: told to come back; otherwise told not to.' },
    answers: { 200: 'It is closed.', 400: 'reconnect is neither 0 nor 1.', 404: 'There is no such session.' },
  },
  guard: 'admin',
  handle(call) {
    const mayReturn = booleanIn(call.query, 'reconnect') ?? false;
    const served = sessionOf(call);
    if (served === undefined) return;
    audit(call, 'kick', { session: served.id, client: served.remoteAddress, mayReturn });
    served.kick(mayReturn);
    sendJson(call.res, 'ok', { kicked: served.id, mayReturn });
  },
};

/** Ends one of its subscriptions; the client is told, and does not ask for it again. */
const unsubscribe: Route = {
  method: 'del',
  path: '/admin/sessions/:id/subscriptions/:sid',
  doc: {
    summary: 'End a subscription',
    path: { id: sessionWords, sid: 'The client’s number of it.' },
    answers: { 200: 'It is ended, and the client is told.', 404: 'There is no such session, or subscription.' },
  },
  guard: 'admin',
  handle(call) {
    const served = sessionOf(call);
    if (served === undefined) return;
    const [, text = ''] = call.parameters;
    const sid = /^\d{1,15}$/.test(text) ? Number(text) : -1;
    if (served.endSubscription?.(sid) !== true) {
      sendError(call.res, 'notFound', `session ${served.id} has no subscription ${JSON.stringify(text.slice(0, 40))}`);
      return;
    }
    audit(call, 'unsubscribe', { session: served.id, sid });
    sendJson(call.res, 'ok', { session: served.id, unsubscribed: sid });
  },
};

export const sessionRoutes: readonly Route[] = [list, one, kick, unsubscribe];

/** Undefined when there is none, and that has been said. */
function sessionOf({ res, parameter, parts }: HttpCall): Served | undefined {
  for (const served of parts.served()) if (served.id === parameter) return served;
  sendError(res, 'notFound', `no session ${JSON.stringify(parameter.slice(0, 40))}; GET /admin/sessions lists them`);
  return undefined;
}
