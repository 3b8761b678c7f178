/** Answers over HTTP that are complete when the call returns. */

import { type ErrorReason, errorCodes, type ProtocolError } from '../../protocol/index.ts';
import type { HttpResponse } from '../uws.ts';

/** Closed set of what goes wrong over HTTP. */
export const httpStatus = {
  ok: '200 OK',
  accepted: '202 Accepted',
  badRequest: '400 Bad Request',
  unauthorized: '401 Unauthorized',
  forbidden: '403 Forbidden',
  notFound: '404 Not Found',
  methodNotAllowed: '405 Method Not Allowed',
  conflict: '409 Conflict',
  tooLarge: '413 Content Too Large',
  tooMany: '429 Too Many Requests',
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

/** The request that a response answers: how the log knows it, and who counts the answer. */
export type Answering = { readonly id: string; count(status: string): void };

/** The library lets a response carry what belongs to it. */
type MarkedResponse = HttpResponse & { answering?: Answering };

export function mark(res: HttpResponse, answering: Answering): void {
  (res as MarkedResponse).answering = answering;
}

/** Every answer begins so. */
export function writeHead(res: HttpResponse, status: string, headers: Readonly<Record<string, string>>): void {
  const { answering } = res as MarkedResponse;
  answering?.count(status);
  res.writeStatus(status);
  if (answering !== undefined) res.writeHeader('X-Request-Id', answering.id);
  for (const [name, value] of Object.entries(headers)) res.writeHeader(name, value);
}

const jsonHeaders = { 'Content-Type': 'application/json; charset=utf-8', 'X-Content-Type-Options': 'nosniff' };

export function sendText(res: HttpResponse, contentType: string, text: string): void {
  res.cork(() => {
    writeHead(res, httpStatus.ok, { 'Content-Type': contentType, 'X-Content-Type-Options': 'nosniff' });
    res.end(text);
  });
}

export function sendJson(
  res: HttpResponse,
  status: HttpStatus,
  body: object,
  headers: Record<string, string> = {},
): void {
  res.cork(() => {
    writeHead(res, httpStatus[status], { ...jsonHeaders, ...headers });
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
