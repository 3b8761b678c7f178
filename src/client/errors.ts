/** The one error shape of the SDK: text for people, reason and code for machines. */

import { type ErrorReason, errorCodes, ProtocolError } from '../protocol/codes.ts';

/** What goes wrong on this side of the wire; codes below 100 never come from a server. */
export const clientErrors = {
  queueFull: { code: 1, retryable: true },
  queueExpired: { code: 2, retryable: true },
  timeout: { code: 3, retryable: true },
  connectionLost: { code: 4, retryable: true },
  notConnected: { code: 5, retryable: true },
  closed: { code: 6, retryable: false },
  givenUp: { code: 7, retryable: false },
  noWebSocket: { code: 8, retryable: false },
  listenerFailed: { code: 9, retryable: false },
  unreadable: { code: 10, retryable: true },
} as const;
export type ClientReason = keyof typeof clientErrors;

/** `other`: a code that this version of the SDK does not know. */
export type TickwireErrorReason = ErrorReason | ClientReason | 'other';

export type TickwireErrorDetails = { cause?: unknown; pattern?: string };

/** `retryable`: the same call may succeed later. `pattern`: the subscription that it is about. */
export class TickwireError extends Error {
  override readonly name = 'TickwireError';
  readonly reason: TickwireErrorReason;
  readonly code: number;
  readonly retryable: boolean;
  readonly pattern: string | undefined;

  constructor(reason: ErrorReason | ClientReason, message: string, details?: TickwireErrorDetails);
  constructor(answer: ErrorAnswer, message: string, details?: TickwireErrorDetails);
  constructor(what: ErrorReason | ClientReason | ErrorAnswer, message: string, details: TickwireErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.reason = typeof what === 'string' ? what : reasonOf(what.code);
    const { code, retryable } = typeof what === 'string' ? { ...errorCodes, ...clientErrors }[what] : what;
    this.code = code;
    this.retryable = retryable;
    this.pattern = details.pattern;
  }
}

/** The machine's part of an ERROR frame. */
type ErrorAnswer = { readonly code: number; readonly retryable: boolean };

/** Checks what our caller gave by the wire's own rules; their complaint becomes a TickwireError. */
export function checked<T>(check: () => T): T {
  try {
    return check();
  } catch (cause) {
    if (cause instanceof ProtocolError) throw new TickwireError(cause.reason, cause.message, { cause });
    throw cause;
  }
}

/** What was thrown, for people. */
export function textOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

function reasonOf(code: number): TickwireErrorReason {
  const known = Object.entries({ ...errorCodes, ...clientErrors }).find(([, row]) => row.code === code);
  return known === undefined ? 'other' : (known[0] as ErrorReason | ClientReason); // a row's name
}
