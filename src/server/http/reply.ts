/** Answers over HTTP. Each is complete when it returns: no handler of ours keeps a response open. */

import type { HttpResponse } from '../uws.ts';

/** Closed set of what goes wrong over HTTP. */
export const httpStatus = {
  ok: '200 OK',
  accepted: '202 Accepted',
  badRequest: '400 Bad Request',
  forbidden: '403 Forbidden',
  notFound: '404 Not Found',
  methodNotAllowed: '405 Method Not Allowed',
  tooLarge: '413 Content Too Large',
  internal: '500 Internal Server Error',
  unavailable: '503 Service Unavailable',
} as const;
export type HttpStatus = keyof typeof httpStatus;

export function sendJson(
  res: HttpResponse,
  status: HttpStatus,
  body: object,
  headers: Record<string, string> = {},
): void {
  res.cork(() => {
    res.writeStatus(httpStatus[status]);
    res.writeHeader('Content-Type', 'application/json; charset=utf-8');
    res.writeHeader('X-Content-Type-Options', 'nosniff');
    for (const [name, value] of Object.entries(headers)) res.writeHeader(name, value);
    res.end(`${JSON.stringify(body)}\n`);
  });
}

/** An error in the shape that all routes share: `{ error: { message } }`. */
export function sendError(
  res: HttpResponse,
  status: HttpStatus,
  message: string,
  headers?: Record<string, string>,
): void {
  sendJson(res, status, { error: { message } }, headers);
}
