import type { Command } from 'commander';
import type { z } from 'zod';
import { CliError } from '../exit.ts';
import type { Io } from '../io.ts';
import { adminToken, serverAddress, urlFlag } from '../server-address.ts';
import { type Asking, ask } from '../server-answers.ts';

export type AdminFlags = { readonly url?: string; readonly json?: boolean };

/** The flags of everything that an admin does. */
export function adminFlags(command: Command): Command {
  return urlFlag(command).option('--json', 'print JSON');
}

/** Throws CliError where no token is set, for without one no server lets anybody in. */
export function askAsAdmin<T>(
  path: string,
  shape: z.ZodType<T>,
  { url, io, ...asking }: Omit<Asking, 'token'> & { readonly url: string | undefined; readonly io: Io },
): Promise<T> {
  const token = adminToken(io);
  if (token === undefined)
    throw new CliError('usage', 'TICKWIRE_ADMIN_TOKEN is not set: no server lets anybody in without');
  return ask(serverAddress(url, io), `/admin/${path}`, shape, { ...asking, token });
}
