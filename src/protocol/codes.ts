/** The closed tables of what can go wrong on the wire. PROTOCOL.md lists the same rows. */

/** Answers to a request. `retryable`: the same request may succeed later. */
export const errorCodes = {
  internal: { code: 100, retryable: true },
  unauthorized: { code: 101, retryable: false },
  unknownTopic: { code: 102, retryable: true },
  forbidden: { code: 103, retryable: false },
  badRequest: { code: 104, retryable: false },
  badPattern: { code: 105, retryable: false },
  limit: { code: 106, retryable: true },
  otherEpoch: { code: 110, retryable: false },
  schemaMismatch: { code: 111, retryable: false },
  duplicateSubscription: { code: 113, retryable: false },
  futurePosition: { code: 115, retryable: false },
  historyTooShort: { code: 116, retryable: false },
  noHistory: { code: 117, retryable: false },
  badFilter: { code: 118, retryable: false },
  unknownField: { code: 119, retryable: false },
} as const;
export type ErrorReason = keyof typeof errorCodes;

/**
 * Why the server closed a connection. 4000–4499: reconnect with backoff; 4500–4999: do not.
 * The standard codes are those of RFC 6455 section 7.4 and the IANA close code registry.
 */
export const closeCodes = {
  normal: { code: 1000, reconnect: false },
  goingAway: { code: 1001, reconnect: true },
  serviceRestart: { code: 1012, reconnect: true },
  tryLater: { code: 1013, reconnect: true },
  noHello: { code: 4001, reconnect: true },
  slowConsumer: { code: 4002, reconnect: true },
  protocolError: { code: 4501, reconnect: false },
  undecodable: { code: 4502, reconnect: false },
  tooManyErrors: { code: 4503, reconnect: false },
  wrongEncoding: { code: 4505, reconnect: false },
  kicked: { code: 4506, reconnect: false },
} as const;
export type CloseReason = keyof typeof closeCodes;

/** Whether a client should come back after this close code. Unknown codes below 4500 (1006 among them) say yes. */
export function shouldReconnect(code: number): boolean {
  for (const row of Object.values(closeCodes)) if (row.code === code) return row.reconnect;
  return code < 4500;
}

/** A peer's mistake, with the table row it falls under; the text names the field and the value. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly reason: ErrorReason;
  /** The id of the request that is at fault, once it could be read: the ERROR that answers it carries it. */
  requestId: number | null = null;
  constructor(reason: ErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
