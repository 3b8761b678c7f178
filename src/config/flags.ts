/** Command-line flags as settings. */

import { resolve } from 'node:path';
import { asList, asNumber } from './environment.ts';
import { resolveFeedPath } from './feed-path.ts';
import type { Setting } from './settings.ts';

/** The flags of `serve` and `check-config`, as text; loadConfig says what is wrong with a value. */
export type Flags = {
  readonly config?: string;
  readonly host?: string;
  readonly port?: string;
  readonly seed?: string;
  /** Comma list; replaces the feeds of lower layers. */
  readonly feeds?: string;
  /** Each adds one feed. */
  readonly feed?: readonly string[];
  readonly allowedOrigins?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  /** True: without a number of bytes. */
  readonly compress?: string | true;
  readonly sharePort?: boolean;
  readonly logLevel?: string;
  readonly logFormat?: string;
};

export function flagSettings(flags: Flags, cwd: string): Setting[] {
  const {
    host,
    port,
    seed,
    feeds,
    feed = [],
    allowedOrigins,
    tlsCert,
    tlsKey,
    compress,
    sharePort,
    logLevel,
    logFormat,
  } = flags;
  return [
    ...given('server.host', host, '--host'),
    ...given('server.port', port === undefined ? port : asNumber(port), '--port'),
    ...given(
      'server.allowedOrigins',
      allowedOrigins === undefined ? undefined : asList(allowedOrigins),
      '--allowed-origins',
    ),
    ...given('server.tlsCertFile', tlsCert === undefined ? tlsCert : resolve(cwd, tlsCert), '--tls-cert'),
    ...given('server.tlsKeyFile', tlsKey === undefined ? tlsKey : resolve(cwd, tlsKey), '--tls-key'),
    ...given('server.compressFromBytes', compress === undefined ? compress : compressFrom(compress), '--compress'),
    ...given('server.sharePort', sharePort, '--share-port'),
    ...given('seed', seed, '--seed'),
    ...given(
      'feeds',
      feeds === undefined ? undefined : asList(feeds).map((use) => resolveFeedPath(use, cwd)),
      '--feeds',
    ),
    ...feed.map((use) => ({ path: 'feeds', value: resolveFeedPath(use, cwd), source: '--feed', adds: true })),
    ...given('log.level', logLevel, '--log-level'),
    ...given('log.format', logFormat, '--log-format'),
  ];
}

/** What `--compress` alone means: below a kilobyte little is saved. */
export const usualCompressFromBytes = 1024;

function compressFrom(flag: string | true): number | string {
  return flag === true ? usualCompressFromBytes : asNumber(flag);
}

function given(path: string, value: unknown, source: string): Setting[] {
  return value === undefined ? [] : [{ path, value, source }];
}
