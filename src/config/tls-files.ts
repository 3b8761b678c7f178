/** The certificate and the key that a config names, read and checked before anything listens. */

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import { ConfigError } from './config-error.ts';
import type { Config } from './config-input.ts';

/** Where the files are, and until when the certificate is valid. */
export type CheckedTls = { readonly tlsCertFile: string; readonly tlsKeyFile: string; readonly validTo: Date };

/** Undefined without TLS. Throws ConfigError, which names the option, the file, and what is wrong with it. */
export function checkedTls({ server, folder }: Pick<Config, 'server' | 'folder'>): CheckedTls | undefined {
  if (server.tlsCertFile === undefined || server.tlsKeyFile === undefined) return undefined;
  const tlsCertFile = resolve(folder, server.tlsCertFile);
  const tlsKeyFile = resolve(folder, server.tlsKeyFile);
  const cert = read('server.tlsCertFile', tlsCertFile, /-----BEGIN (TRUSTED |X509 )?CERTIFICATE-----/, 'certificate');
  const key = read('server.tlsKeyFile', tlsKeyFile, /-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'private key');
  const certificate = attempt(`server.tlsCertFile: ${tlsCertFile} can't be used`, () => new X509Certificate(cert));
  const privateKey = attempt(`server.tlsKeyFile: ${tlsKeyFile} can't be used`, () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new ConfigError([`server.tlsKeyFile: ${tlsKeyFile} is not the key of the certificate ${tlsCertFile}`]);
  }
  attempt(`server.tlsCertFile: ${tlsCertFile} can't be used`, () => createSecureContext({ cert, key }));
  return { tlsCertFile, tlsKeyFile, validTo: new Date(certificate.validTo) };
}

function read(option: string, file: string, begin: RegExp, what: string): string {
  const text = attempt(`${option}: cannot read ${file}`, () => readFileSync(file, 'utf8'));
  if (!begin.test(text)) throw new ConfigError([`${option}: ${file} holds no ${what} in PEM form`]);
  if (/-----BEGIN ENCRYPTED|^Proc-Type: 4,ENCRYPTED/m.test(text)) {
    throw new ConfigError([`${option}: ${file} is locked with a passphrase; give a key without one`]);
  }
  return text;
}

function attempt<T>(what: string, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    throw new ConfigError([`${what}: ${cause instanceof Error ? cause.message : String(cause)}`], { cause });
  }
}
