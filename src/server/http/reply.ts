/** Answers over HTTP that are complete when the call returns. */

import { type ErrorReason, errorCodes, type ProtocolError } from '../../protocol/index.ts';
import type { HttpResponse } from '../uws.ts';

/** Closed set of what goes wrong over HTTP. */
export const httpStatus = {
  ok: '200 OK',
  accepted: '202 Accepted',
  badRequest: '400 Bad Request',
  forbidden: '403 Forbidden',
  notFound: '404 Not Found',
  methodNotAllowed: '405 Method Not Allowed',
  conflict: '409 Conflict',
  tooLarge: '413 Content Too Large',
  internal: '500 Internal Server Error',
  unavailable: '503 Service Unavailable',
} as const;
export type HttpStatus = keyof typeof httpStatus;

/** The other reasons are 400. A position that the topic is not at, in this life or at all, conflicts with its state. */
const statusOf: Partial<Record<ErrorReason, HttpStatus>> = {
  internal: 'internal',
  unknownTopic: 'notFound',
  noHistory: 'notFound',
  forbidden: 'forbidden',
  otherEpoch: 'conflict',
  futurePosition: 'conflict',
};

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

/** The same, with the code that the wire's table gives it: `{ error: { code, message } }`. */
export function sendProtocolError(res: HttpResponse, { reason, message }: ProtocolError): void {
  sendJson(res, statusOf[reason] ?? 'badRequest', { error: { code: errorCodes[reason].code, message } });
}
