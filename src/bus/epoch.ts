/** Names for lives: of a topic, and of a hub. */

/** 48 random bits: two lives meet by chance once in 2⁴⁸. */
export function randomEpoch(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(6))).toString('base64url');
}
