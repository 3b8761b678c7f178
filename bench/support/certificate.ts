/** A certificate for this machine alone, made on the spot: Node can check X.509 and sign bytes, but makes none. */

import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** Both in PEM form. */
export type Certificate = { readonly cert: string; readonly key: string };

export type Validity = { readonly from: Date; readonly to: Date };

const dayMs = 24 * 60 * 60 * 1000;

/** For `localhost` and 127.0.0.1, signed by itself: whoever is told to trust it takes it as an authority, too. */
export function makeCertificate({ from, to }: Validity = aroundNow()): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(set(sequence(oids.commonName, der(0x0c, Buffer.from('localhost')))));
  const body = sequence(
    der(0xa0, integer(Buffer.from([2]))), // version 3
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    sequence(oids.ecdsaWithSha256),
    name,
    sequence(time(from), time(to)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(extension(oids.basicConstraints, sequence(yes)), extension(oids.altNames, altNames()))),
  );
  const signature = Buffer.concat([Buffer.from([0]), sign('sha256', body, privateKey)]);
  const bytes = sequence(body, sequence(oids.ecdsaWithSha256), der(0x03, signature));
  return { cert: pem(bytes), key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

function aroundNow(): Validity {
  return { from: new Date(Date.now() - dayMs), to: new Date(Date.now() + 30 * dayMs) };
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

/** One value of X.690's distinguished encoding: what it is, how long, and its bytes. */
function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const bytes = Buffer.concat(parts);
  const { length } = bytes;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), bytes]);
}

function sequence(...parts: readonly Uint8Array[]): Buffer {
  return der(0x30, ...parts);
}

function set(...parts: readonly Uint8Array[]): Buffer {
  return der(0x31, ...parts);
}

function integer(bytes: Uint8Array): Buffer {
  return der(0x02, bytes);
}

/** YYMMDDHHMMSSZ, which X.509 asks for until 2049. */
function time(at: Date): Buffer {
  return der(0x17, Buffer.from(`${at.toISOString().replace(/\D/g, '').slice(2, 14)}Z`));
}

function extension(oid: Uint8Array, value: Uint8Array): Buffer {
  return sequence(oid, der(0x04, value));
}

function altNames(): Buffer {
  return sequence(der(0x82, Buffer.from('localhost')), der(0x87, Buffer.from([127, 0, 0, 1])));
}

const yes = der(0x01, Buffer.from([0xff]));

const oids = {
  commonName: der(0x06, Buffer.from('550403', 'hex')),
  ecdsaWithSha256: der(0x06, Buffer.from('2a8648ce3d040302', 'hex')),
  basicConstraints: der(0x06, Buffer.from('551d13', 'hex')),
  altNames: der(0x06, Buffer.from('551d11', 'hex')),
};
