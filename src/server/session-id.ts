/** 72 random bits, as WELCOME, the log and `/connections` name a session. */
export function sessionId(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(9))).toString('base64url');
}
