/** `TICKWIRE_*` variables as settings. */

import { resolve } from 'node:path';
import { didYouMean } from '../feed/nearest.ts';
import { serverDefaults } from '../server/options.ts';
import { resolveFeedPath } from './feed-path.ts';
import type { Setting } from './settings.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

type Reader = (text: string, cwd: string) => unknown;

/** Every variable that is a setting, with its path and how its text is read. */
export const variables: Readonly<Record<string, { path: string; read: Reader }>> = {
  TICKWIRE_HOST: { path: 'server.host', read: asText },
  ...numericVariables(),
  TICKWIRE_ALLOWED_ORIGINS: { path: 'server.allowedOrigins', read: asList },
  TICKWIRE_TLS_CERT_FILE: { path: 'server.tlsCertFile', read: asPath },
  TICKWIRE_TLS_KEY_FILE: { path: 'server.tlsKeyFile', read: asPath },
  TICKWIRE_ADMIN_TOKEN: { path: 'server.adminToken', read: asText },
  TICKWIRE_SHARE_PORT: { path: 'server.sharePort', read: asBoolean },
  TICKWIRE_SEED: { path: 'seed', read: asText },
  TICKWIRE_FEEDS: { path: 'feeds', read: (text, cwd) => asList(text).map((use) => resolveFeedPath(use, cwd)) },
  TICKWIRE_LOG_LEVEL: { path: 'log.level', read: asText },
  TICKWIRE_LOG_FORMAT: { path: 'log.format', read: asText },
};

/** Read elsewhere: which file, and where the client commands connect to. */
const otherVariables: readonly string[] = ['TICKWIRE_CONFIG', 'TICKWIRE_URL'];

/** An empty variable counts as absent: that is how shells and compose files unset one. */
export function environmentSettings(env: Environment, cwd: string): Setting[] {
  return Object.entries(variables).flatMap(([source, { path, read }]) => {
    const text = env[source];
    if (text === undefined || text === '' || isServiceLink(source, text)) return [];
    return [{ path, value: read(text, cwd), source }];
  });
}

/** One sentence for each variable that is spelt like ours and is not. */
export function unknownVariables(env: Environment): string[] {
  const known = [...Object.keys(variables), ...otherVariables];
  return Object.entries(env)
    .filter(([name, text]) => name.startsWith('TICKWIRE_') && !known.includes(name) && !isServiceLink(name, text))
    .map(([name, text]) => `${name} is not a known variable, got ${JSON.stringify(text)}${didYouMean(name, known)}`);
}

/** Numbers as numbers; what is none stays text, so that the schema can name it. */
export function asNumber(text: string): number | string {
  return /^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text;
}

export function asList(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** What is neither stays text, so that the schema can name it. */
function asBoolean(text: string): boolean | string {
  return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : text;
}

function asText(text: string): string {
  return text;
}

/** A path typed in a shell starts at the shell's folder, wherever the config file lies. */
function asPath(text: string, cwd: string): string {
  return resolve(cwd, text);
}

function numericVariables(): Record<string, { path: string; read: Reader }> {
  const names = Object.entries(serverDefaults).filter(([, value]) => typeof value === 'number');
  return Object.fromEntries(names.map(([name]) => [variableName(name), { path: `server.${name}`, read: asNumber }]));
}

/** `maxFrameBytes` → `TICKWIRE_MAX_FRAME_BYTES` */
function variableName(option: string): string {
  return `TICKWIRE_${option.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/** Kubernetes gives these to every pod beside a service named "tickwire"; they are not meant for us. */
function isServiceLink(name: string, text: string | undefined): boolean {
  return /^TICKWIRE_(SERVICE_|PORT_\d+_)/.test(name) || (name === 'TICKWIRE_PORT' && /^\w+:\/\//.test(text ?? ''));
}
