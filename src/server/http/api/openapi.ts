/** OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.0): every route of this server, from the words beside each. */

import type { Guarding } from '../guard.ts';
import { sendJson } from '../reply.ts';
import type { Route, RouteDoc } from '../route.ts';

/** Of these routes, and of itself. */
export function openapi(routes: readonly Route[]): Route {
  const route: Route = {
    method: 'get',
    path: '/openapi.json',
    doc: { summary: 'This server’s HTTP as OpenAPI 3.1', answers: { 200: 'The document.' } },
    handle: ({ res, parts }) => sendJson(res, 'ok', openapiOf([...routes, route], parts.name)),
  };
  return route;
}

export function openapiOf(routes: readonly Route[], name: string): object {
  const [title = 'tickwire', version = '0'] = name.split('/');
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method === 'del' ? 'delete' : route.method]: operationOf(route) };
  }
  return {
    openapi: '3.1.0',
    info: { title, version, description: 'Topics over WebSocket are described by /asyncapi.json.' },
    servers: [{ url: '/' }],
    paths,
    components: {
      securitySchemes: { admin: { type: 'http', scheme: 'bearer', description: 'server.adminToken' } },
      schemas: { Error: errorSchema },
    },
  };
}

function operationOf({ path, doc, guard }: Route) {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => ({
    ...{ name, in: 'path', required: true, schema: { type: 'string' } },
    description: doc.path?.[name] ?? '',
  }));
  const inQuery = Object.entries(doc.query ?? {}).map(([name, description]) => ({
    ...{ name, in: 'query', description, schema: { type: 'string' } },
  }));
  return {
    summary: doc.summary,
    ...(doc.description !== undefined && { description: doc.description }),
    ...(inPath.length + inQuery.length > 0 && { parameters: [...inPath, ...inQuery] }),
    ...(doc.body !== undefined && { requestBody: bodyOf(doc.body) }),
    // The paths that answer this machine without a token want one from anywhere else.
    ...(guard !== undefined && { security: guard === 'admin' ? [{ admin: [] }] : [{}, { admin: [] }] }),
    responses: responsesOf(doc, guard),
  };
}

function bodyOf({ types, description }: NonNullable<RouteDoc['body']>) {
  const content = Object.fromEntries(types.map((type) => [type, { schema: {} }]));
  return { required: true, description, content };
}

function responsesOf({ answers, contentType = 'application/json' }: RouteDoc, guard: Guarding | undefined) {
  const all = { ...answers, ...(guard !== undefined && guardAnswers), ...(guard === 'admin' && adminAnswers(answers)) };
  return Object.fromEntries(
    Object.entries(all).map(([status, description]) => {
      const isError = Number(status) >= 400;
      const schema = isError ? { $ref: '#/components/schemas/Error' } : {};
      return [status, { description, content: { [isError ? 'application/json' : contentType]: { schema } } }];
    }),
  );
}

const guardAnswers = {
  401: 'No token.',
  403: 'A wrong one, or not from here.',
  429: 'Too many wrong tokens from this address.',
};

function adminAnswers({ 404: other }: RouteDoc['answers']) {
  const isOff = 'Admin is off: server.adminToken is not set.';
  return { 404: other === undefined ? isOff : `${other} Or: ${isOff}` };
}

const errorSchema = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['message'],
      properties: {
        code: { type: 'integer', description: 'As in the table of PROTOCOL.md.' },
        message: { type: 'string', description: 'Names the field and the value.' },
      },
    },
  },
};
