/** The uWebSockets app that all doors are hung on. */

import type { ServerOptions } from './options.ts';
import type { TemplatedApp, Uws } from './uws.ts';

export type TlsFiles = Pick<ServerOptions, 'tlsCertFile' | 'tlsKeyFile'>;

/** Speaks TLS where both files are given. Throws for files that the library can't use; it does not say why. */
export function openApp(uws: Uws, { tlsCertFile, tlsKeyFile }: TlsFiles): TemplatedApp {
  if (tlsCertFile === undefined || tlsKeyFile === undefined) return uws.App();
  try {
    return uws.SSLApp({ cert_file_name: tlsCertFile, key_file_name: tlsKeyFile });
  } catch (cause) {
    throw new Error(`cannot use the certificate ${tlsCertFile} with the key ${tlsKeyFile}`, { cause });
  }
}
