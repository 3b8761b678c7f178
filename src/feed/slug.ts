const maxLength = 64; // leaves room in a topic's 200 bytes; also the longest host name Linux allows

/** One topic segment for any text: `New York` gives `New-York`. Never empty. */
export function slug(text: string): string {
  const plain = text.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+|-+$/g, '');
  return plain.slice(0, maxLength) || 'unnamed';
}
