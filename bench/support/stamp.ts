/** A payload that carries the time at which it was due, in a form that every encoding and every peer leaves as it is. */

/** Decimal digits in front of each payload: microseconds of the machine's monotonic clock, and what payloads take at least. */
export const stampBytes = 16;

const zero = 0x30;

/** Makes texts of `bytes` ASCII characters, and of the stamp alone where that is longer. */
export function stampedText(bytes: number): (dueMicros: number) => string {
  const rest = filler(Math.max(0, bytes - stampBytes));
  return (dueMicros) => Math.round(dueMicros).toString().padStart(stampBytes, '0') + rest;
}

/** Names and prices, so that compression finds about as much to do as in real quotes; the same each time. */
function filler(bytes: number): string {
  let text = '';
  for (let n = 7; text.length < bytes; n = (n * 16_807) % 2_147_483_647) {
    text += ` ${String.fromCharCode(65 + (n % 26), 65 + ((n >> 5) % 26), 65 + ((n >> 10) % 26))} ${(n % 100_000) / 100}`;
  }
  return text.slice(0, bytes);
}

/** The time in the stamp that begins at `at`; undefined when those bytes are no stamp. */
export function readStamp(bytes: Uint8Array, at = 0): number | undefined {
  if (at + stampBytes > bytes.length) return undefined;
  let micros = 0;
  for (let i = at; i < at + stampBytes; i++) {
    const digit = (bytes[i] as number) - zero;
    if (digit < 0 || digit > 9) return undefined;
    micros = micros * 10 + digit;
  }
  return micros;
}
