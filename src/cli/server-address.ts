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

/** What this shell knows of the server's `adminToken`; undefined where nothing is set. */
export function adminToken({ env }: Io): string | undefined {
  const token = env.TICKWIRE_ADMIN_TOKEN ?? '';
  return token === '' ? undefined : token;
}

export function unreachable(address: string, reason: string): CliError {
  return new CliError('failed', `cannot reach ${address}: ${reason}. ${advice(reason)}`);
}

function advice(reason: string): string {
  if (/certificate/i.test(reason)) return 'NODE_EXTRA_CA_CERTS can name a file with the certificates to trust.';
  const isCutOff = /hang up|other side closed/.test(reason); // what a server that speaks TLS does to who does not
  return `Is "tickwire serve" running there${isCutOff ? ', and without TLS? If not: wss://' : '?'}`;
}
