/** Which web pages may talk to this server (cross-site WebSocket hijacking, CWE-1385). */

/** Programs send no Origin and are let in; pages must come from the server itself or be listed, letter for letter. */
export function isOriginAllowed(origin: string, host: string, allowed: readonly string[]): boolean {
  if (origin === '') return true;
  return origin === `http://${host}` || origin === `https://${host}` || allowed.includes(origin);
}
