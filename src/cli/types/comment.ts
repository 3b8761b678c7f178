/** On one line, and never the end of the comment that it stands in. */
export function comment(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('*/', '*\\/').trim();
}
