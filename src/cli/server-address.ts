import { type Command, Option } from 'commander';
import { CliError, messageOf } from './exit.ts';
import type { Io } from './io.ts';
import { parseServerUrl } from './parse.ts';

const defaultUrl = 'ws://127.0.0.1:9000'; // where `tickwire serve` listens when nobody says otherwise

/** The flag of every command that talks to a running server. */
export function urlFlag(command: Command): Command {
  const help = `the server (default: TICKWIRE_URL, else ${defaultUrl})`;
  return command.addOption(new Option('-u, --url <url>', help).argParser(parseServerUrl));
}

/** The flag, else TICKWIRE_URL, else the local server. */
export function serverAddress(flag: string | undefined, { env }: Io): string {
  if (flag !== undefined) return flag;
  const variable = env.TICKWIRE_URL ?? '';
  if (variable === '') return defaultUrl;
  try {
    return parseServerUrl(variable);
  } catch (error) {
    throw new CliError('usage', `TICKWIRE_URL "${variable}" is no server. ${messageOf(error)}`);
  }
}

/** Asks the server's HTTP side for JSON. Throws CliError with the server's own words when it refuses. */
export async function getJson(address: string, path: string): Promise<unknown> {
  const url = new URL(path, address.replace(/^ws/, 'http'));
  const response = await fetch(url).catch((error: unknown) => {
    throw unreachable(url.origin, reasonOf(error));
  });
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok && body !== undefined) return body;
  throw new CliError(
    'failed',
    wordsOf(body) ?? `${url.href} answered ${response.status}, not as a Tickwire server does`,
  );
}

export function unreachable(address: string, reason: string): CliError {
  return new CliError('failed', `cannot reach ${address}: ${reason}. Is "tickwire serve" running there?`);
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
