import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkedTls } from '../../src/config/tls-files.ts';
import { ConfigError, loadConfig } from '../../src/config.ts';
import { serverDefaults } from '../../src/server/options.ts';
import { type TestTls, tlsFiles } from '../support/tls-files.ts';

let good: TestTls;
let other: TestTls;
beforeAll(async () => {
  good = await tlsFiles();
  other = await tlsFiles();
});
afterAll(() => Promise.all([good.remove(), other.remove()]));

test('a certificate and its key are found from the folder of the config', () => {
  const checked = check(basename(good.tlsCertFile), good.tlsKeyFile);
  expect(checked).toMatchObject({ tlsCertFile: good.tlsCertFile, tlsKeyFile: good.tlsKeyFile });
  expect(checked?.validTo.getTime()).toBeGreaterThan(Date.now());
});

test('without them there is no TLS', () => {
  expect(checkedTls({ server: serverDefaults, folder: good.folder })).toBeUndefined();
});

test('a file that is not there is named', () => {
  const missing = join(good.folder, 'missing.pem');
  expect(complaint(missing, good.tlsKeyFile)).toMatch(`server.tlsCertFile: cannot read ${missing}: ENOENT`);
  expect(complaint(good.tlsCertFile, missing)).toMatch(`server.tlsKeyFile: cannot read ${missing}: ENOENT`);
});

test('the two files the wrong way round are told apart', () => {
  expect(complaint(good.tlsKeyFile, good.tlsCertFile)).toBe(
    `server.tlsCertFile: ${good.tlsKeyFile} holds no certificate in PEM form`,
  );
  expect(complaint(good.tlsCertFile, good.tlsCertFile)).toBe(
    `server.tlsKeyFile: ${good.tlsCertFile} holds no private key in PEM form`,
  );
});

test('what only looks like a certificate is refused with the reason', async () => {
  const torn = await file('torn.pem', good.cert.replace(/\n.{20}/, '\n'));
  expect(complaint(torn, good.tlsKeyFile)).toMatch(new RegExp(`^server.tlsCertFile: ${torn} can't be used: .+`));
});

test('the key of another certificate is refused, of the same kind or not', async () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const rsaFile = await file('rsa.pem', rsa.export({ type: 'pkcs8', format: 'pem' }).toString());
  for (const key of [other.tlsKeyFile, rsaFile]) {
    expect(complaint(good.tlsCertFile, key)).toBe(
      `server.tlsKeyFile: ${key} is not the key of the certificate ${good.tlsCertFile}`,
    );
  }
});

test.each([
  ['pkcs8', 'aes-128-cbc'],
  ['sec1', 'aes-128-cbc'],
] as const)('a key behind a passphrase (%s) is refused as such', async (type, cipher) => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = await file(`locked-${type}.pem`, privateKey.export({ type, format: 'pem', cipher, passphrase: 'x' }));
  expect(complaint(good.tlsCertFile, key)).toMatch(`server.tlsKeyFile: ${key} is locked with a passphrase`);
});

test('paths in flags and variables begin at the shell, those in a file at the file', async () => {
  const flags = { tlsCert: 'c.pem', tlsKey: '/keys/k.pem' };
  expect((await loadConfig({ cwd: '/tmp', env: {}, flags })).server).toMatchObject({
    tlsCertFile: '/tmp/c.pem',
    tlsKeyFile: '/keys/k.pem',
  });
  const env = { TICKWIRE_TLS_CERT_FILE: 'c.pem', TICKWIRE_TLS_KEY_FILE: 'k.pem' };
  expect((await loadConfig({ cwd: '/tmp', env, flags: {} })).server).toMatchObject({
    tlsCertFile: '/tmp/c.pem',
    tlsKeyFile: '/tmp/k.pem',
  });
});

test('one without the other is refused, whichever it is', async () => {
  const load = (flags: object) => loadConfig({ cwd: '/tmp', env: {}, flags });
  await expect(load({ tlsCert: 'c.pem' })).rejects.toThrow(
    'server.tlsCertFile needs server.tlsKeyFile beside it, got "/tmp/c.pem" (from --tls-cert)',
  );
  await expect(load({ tlsKey: 'k.pem' })).rejects.toThrow('server.tlsKeyFile needs server.tlsCertFile beside it');
});

test.each([
  [true, 1024],
  ['2000', 2000],
  ['0', 0],
] as const)('--compress %s means from %i bytes up', async (compress, bytes) => {
  const { server } = await loadConfig({ cwd: '/tmp', env: {}, flags: { compress } });
  expect(server.compressFromBytes).toBe(bytes);
});

function check(tlsCertFile: string, tlsKeyFile: string) {
  return checkedTls({ server: { ...serverDefaults, tlsCertFile, tlsKeyFile }, folder: good.folder });
}

/** The one problem of the pair. */
function complaint(tlsCertFile: string, tlsKeyFile: string): string {
  try {
    check(tlsCertFile, tlsKeyFile);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('nothing was found wrong');
}

async function file(name: string, text: string | Buffer): Promise<string> {
  const path = join(good.folder, name);
  await writeFile(path, text);
  return path;
}
