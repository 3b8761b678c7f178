/** What a running server says over HTTP, checked. */

import { z } from 'zod';
import { CliError, messageOf } from './exit.ts';
import { unreachable } from './server-address.ts';

/** What is asked besides the path. `token`: for what is not for everybody. */
export type Asking = {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly body?: object;
  readonly token?: string | undefined;
};

/**
 * Gets JSON of this shape. Throws CliError: with the server's own words when it refuses, and where it is another server,
 * or another version of it.
 */
export async function ask<T>(address: string, path: string, shape: z.ZodType<T>, asking: Asking = {}): Promise<T> {
  const result = shape.safeParse(await getJson(address, path, asking));
  if (result.success) return result.data;
  const problem = z.prettifyError(result.error);
  throw new CliError('failed', `${address} does not answer as a Tickwire server does: ${problem}`);
}

async function getJson(address: string, path: string, { method = 'GET', body: sent, token }: Asking): Promise<unknown> {
  const url = new URL(path, address.replace(/^ws/, 'http'));
  const init = {
    method,
    ...(sent !== undefined && { body: JSON.stringify(sent) }),
    ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
  };
  const response = await fetch(url, init).catch((error: unknown) => {
    throw unreachable(url.origin, reasonOf(error));
  });
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok && body !== undefined) return body;
  const hint = response.status === 401 ? ' (TICKWIRE_ADMIN_TOKEN is not set here)' : '';
  const words = wordsOf(body);
  if (words !== undefined) throw new CliError('failed', words + hint);
  throw new CliError('failed', `${url.href} answered ${response.status}, not as a Tickwire server does`);
}

/** fetch hides what happened in the cause, and a name with two addresses hides it one deeper. */
function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: unknown };
  const inner = cause instanceof AggregateError ? cause.errors[0] : cause;
  return messageOf(inner ?? error);
}

function wordsOf(body: unknown): string | undefined {
  const message = (body as { error?: { message?: unknown } } | undefined)?.error?.message;
  return typeof message === 'string' ? message : undefined;
}
