import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificate } from '../support/certificate.ts';
import { defineScenario, planOf, times } from './define.ts';
import { perDelivery, timesOf } from './per-delivery.ts';

export const tls = defineScenario({
  name: 'tls',
  summary: 'the price of TLS, on a certificate made for the run',
  takes: [...times, 'connections', 'topics', 'rate', 'burst', 'payloadBytes', 'encoding'],
  run: ({ wish, load }) =>
    withCertificate(async (server) => {
      const wanted = { connections: 100, topics: 10, rate: 50, burst: 5 };
      const plain = perDelivery(await load(planOf(wish, { ...wanted, label: 'plain' })));
      const encrypted = perDelivery(await load(planOf(wish, { ...wanted, label: 'TLS', server })));
      const figures = timesOf(plain, encrypted, ['server CPU per delivery']);
      return [plain, { ...encrypted, figures: [...encrypted.figures, ...figures] }];
    }),
});

async function withCertificate<T>(use: (files: { tlsCertFile: string; tlsKeyFile: string }) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'tickwire-bench-'));
  try {
    const { cert, key } = makeCertificate();
    const files = { tlsCertFile: join(folder, 'cert.pem'), tlsKeyFile: join(folder, 'key.pem') };
    await writeFile(files.tlsCertFile, cert);
    await writeFile(files.tlsKeyFile, key, { mode: 0o600 });
    return await use(files);
  } finally {
    await rm(folder, { recursive: true });
  }
}
