/**
 * Where the socket goes: `http` and `https` become `ws` and `wss`, and `/ws` is added where no path is given.
 * Throws RangeError, naming the address, when it is none.
 */
export function serverUrl(address: string): string {
  let url: URL;
  try {
    url = new URL(address);
  } catch (cause) {
    throw new RangeError(`url must look like "ws://127.0.0.1:9000", got ${JSON.stringify(address)}`, { cause });
  }
  const scheme = schemes.get(url.protocol);
  if (scheme === undefined) {
    throw new RangeError(`url must begin with ws:, wss:, http: or https:, got ${JSON.stringify(address)}`);
  }
  const path = url.pathname === '/' || url.pathname === '' ? '/ws' : url.pathname;
  const user = url.username === '' ? '' : `${url.username}:${url.password}@`;
  return `${scheme}//${user}${url.host}${path}${url.search}`;
}

const schemes = new Map([
  ['ws:', 'ws:'],
  ['wss:', 'wss:'],
  ['http:', 'ws:'],
  ['https:', 'wss:'],
]);
