import { createPrivateKey, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:tls';
import { expect, test } from 'vitest';
import { makeCertificate } from '../../../bench/support/certificate.ts';

test('a certificate is for this machine, signed by its own key, and valid now', () => {
  const { cert, key } = makeCertificate();
  const certificate = new X509Certificate(cert);
  expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect([certificate.checkHost('localhost'), certificate.checkIP('127.0.0.1')]).toEqual(['localhost', '127.0.0.1']);
  expect(certificate.checkHost('example.com')).toBeUndefined();
  expect(Date.parse(certificate.validFrom)).toBeLessThan(Date.now());
  expect(Date.parse(certificate.validTo)).toBeGreaterThan(Date.now());
});

test('who is told to trust it does, and nobody else', async () => {
  const { cert, key } = makeCertificate();
  const server = createServer({ cert, key }, (socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const trusting = connect({ port, host: '127.0.0.1', ca: cert });
  await once(trusting, 'secureConnect');
  const doubting = connect({ port, host: '127.0.0.1' });
  await expect(once(doubting, 'secureConnect')).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  trusting.destroy();
  server.close();
});
