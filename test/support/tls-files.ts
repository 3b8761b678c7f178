/** A certificate and its key as files, trusted by nobody who was not told of them. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificate, type Validity } from '../../bench/support/certificate.ts';

export type TestTls = Awaited<ReturnType<typeof tlsFiles>>;

export async function tlsFiles(validity?: Validity) {
  const folder = await mkdtemp(join(tmpdir(), 'tickwire-tls-'));
  const { cert, key } = makeCertificate(validity);
  const tlsCertFile = join(folder, 'cert.pem');
  const tlsKeyFile = join(folder, 'key.pem');
  await writeFile(tlsCertFile, cert);
  await writeFile(tlsKeyFile, key, { mode: 0o600 });
  return { folder, cert, key, tlsCertFile, tlsKeyFile, remove: () => rm(folder, { recursive: true }) };
}
