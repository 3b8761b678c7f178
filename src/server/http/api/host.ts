/** The name by which a request came, where it is one; it is the peer's word, and ends up in documents. */
export function hostOf(header: string): string {
  return /^[A-Za-z0-9.:[\]-]{1,255}$/.test(header) ? header : 'localhost';
}
