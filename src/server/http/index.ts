/** The HTTP door: the routes, and clear answers for whatever matches none. */

import { ProtocolError } from '../../protocol/index.ts';
import type { HttpRequest, HttpResponse, TemplatedApp } from '../uws.ts';
import { connections } from './connections.ts';
import { events } from './events.ts';
import { health } from './health.ts';
import { history } from './history.ts';
import { ledger } from './ledger.ts';
import { publish } from './publish.ts';
import { ready } from './ready.ts';
import { sendError, sendProtocolError } from './reply.ts';
import type { HttpCall, HttpParts, Route } from './route.ts';
import { schemas } from './schemas.ts';
import { topic, topics } from './topics.ts';

const routes: readonly Route[] = [health, ready, topics, topic, history, schemas, events, publish, connections, ledger];

export function openHttpDoor(app: TemplatedApp, parts: HttpParts): void {
  for (const route of routes) {
    app[route.method](route.path, (res, req) => run(route, res, req, parts));
    app.any(route.path, (res) => sendError(res, 'methodNotAllowed', `use ${route.method.toUpperCase()}`, allow(route)));
  }
  app.any('/*', (res, req) => sendError(res, 'notFound', `nothing is at ${printablePath(req.getUrl())}`));
}

function run(route: Route, res: HttpResponse, req: HttpRequest, parts: HttpParts): void {
  try {
    route.handle(callOf(route, res, req, parts));
  } catch (error) {
    if (error instanceof ProtocolError) {
      sendProtocolError(res, error);
      return;
    }
    parts.log.error({ err: error, path: route.path }, 'an HTTP request could not be answered');
    sendError(res, 'internal', 'the server failed to answer this');
  }
}

function callOf(route: Route, res: HttpResponse, req: HttpRequest, parts: HttpParts): HttpCall {
  const hasParameter = route.path.includes(':');
  return {
    res,
    parameter: hasParameter ? decode(req.getParameter(0) ?? '') : '',
    query: new URLSearchParams(req.getQuery()),
    header: (name) => req.getHeader(name),
    parts,
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a stray % is no topic either way; the route names it as it came
  }
}

function allow(route: Route): Record<string, string> {
  return { Allow: route.method.toUpperCase() };
}

function printablePath(path: string): string {
  return JSON.stringify(path.slice(0, 200));
}
