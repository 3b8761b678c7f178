/** The HTTP door: the routes, and clear answers for whatever matches none. */

import { ProtocolError } from '../../protocol/index.ts';
import type { HttpRequest, HttpResponse, TemplatedApp } from '../uws.ts';
import { feedRoutes } from './admin/feeds.ts';
import { logRoutes } from './admin/log.ts';
import { sessionRoutes } from './admin/sessions.ts';
import { asyncapi } from './api/asyncapi.ts';
import { openapi } from './api/openapi.ts';
import { connections } from './connections.ts';
import { events } from './events.ts';
import { Guard } from './guard.ts';
import { health } from './health.ts';
import { history } from './history.ts';
import { ledger } from './ledger.ts';
import { metrics } from './metrics.ts';
import { publish } from './publish.ts';
import { ready } from './ready.ts';
import { mark, sendError, sendProtocolError } from './reply.ts';
import { requestId } from './request-id.ts';
import type { HttpCall, HttpParts, Route } from './route.ts';
import { schemas } from './schemas.ts';
import { status } from './status.ts';
import { topic, topics } from './topics.ts';

const usualRoutes: readonly Route[] = [
  health,
  ready,
  topics,
  topic,
  history,
  schemas,
  asyncapi,
  events,
  publish,
  connections,
  ledger,
  status,
  ...sessionRoutes,
  ...feedRoutes,
  ...logRoutes,
];

export function openHttpDoor(app: TemplatedApp, parts: HttpParts): void {
  const { exposition, options, counts, problems } = parts;
  const guard = new Guard({ adminToken: options.adminToken, counts, problems });
  const described = exposition === undefined ? usualRoutes : [...usualRoutes, metrics(exposition)];
  const routes = [...described, openapi(described)];
  for (const route of routes) app[route.method](route.path, (res, req) => run(route, res, req, parts, guard));
  for (const [path, methods] of methodsByPath(routes)) {
    app.any(path, (res, req) => {
      begin(res, req, path, parts);
      sendError(res, 'methodNotAllowed', `use ${methods}`, { Allow: methods });
    });
  }
  app.any('/*', (res, req) => {
    begin(res, req, 'none', parts);
    sendError(res, 'notFound', `nothing is at ${printablePath(req.getUrl())}`);
  });
}

function methodsByPath(routes: readonly Route[]): ReadonlyMap<string, string> {
  const methods = new Map<string, string>();
  for (const { path, method } of routes) {
    const name = method === 'del' ? 'DELETE' : method.toUpperCase();
    methods.set(path, methods.has(path) ? `${methods.get(path)}, ${name}` : name);
  }
  return methods;
}

/** From here on the answer carries an id, and is counted under this route, whatever was asked for. */
function begin(res: HttpResponse, req: HttpRequest, route: string, { counts }: HttpParts): string {
  const id = requestId(req.getHeader('x-request-id'));
  mark(res, { id, count: (status) => counts.answered(route, status) });
  return id;
}

function run(route: Route, res: HttpResponse, req: HttpRequest, parts: HttpParts, guard: Guard): void {
  const id = begin(res, req, route.path, parts);
  try {
    const call = callOf(route, id, res, req, parts);
    if (route.guard === undefined || guard.admits(route.guard, call)) route.handle(call);
  } catch (error) {
    if (error instanceof ProtocolError) {
      sendProtocolError(res, error);
      return;
    }
    const fields = { err: error, route: route.path, request: id };
    parts.problems.report('error', 'request', fields, 'an HTTP request could not be answered');
    sendError(res, 'internal', 'the server failed to answer this');
  }
}

function callOf(route: Route, id: string, res: HttpResponse, req: HttpRequest, parts: HttpParts): HttpCall {
  const names = route.path.match(/:/g) ?? [];
  const parameters = names.map((_, i) => decode(req.getParameter(i) ?? ''));
  return {
    res,
    id,
    route: route.path,
    parameter: parameters[0] ?? '',
    parameters,
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

function printablePath(path: string): string {
  return JSON.stringify(path.slice(0, 200));
}
