/** CRC-32 as zlib, PNG and Ethernet have it: polynomial 0xEDB88320 reflected, all ones before and after. */

/** Of the bytes that `crc` stands for, with `bytes` behind them; 0 stands for none. */
export function crc32(bytes: Uint8Array, crc = 0): number {
  let rest = ~crc;
  for (let i = 0; i < bytes.length; i++) rest = (rest >>> 8) ^ (table[(rest ^ (bytes[i] as number)) & 0xff] as number);
  return ~rest >>> 0;
}

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest;
});
