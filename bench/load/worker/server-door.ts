/** Where the connections of a plan go, and what each asks for when it knocks. */

import { serverUrl } from '../../../src/client/server-url.ts';
import type { RawAddress } from '../../support/raw-subscriber.ts';
import type { CrewPlan } from './worker-protocol.ts';

/** Throws RangeError for a url that is none. */
export function serverDoor({ url, encoding, isCompressed = false }: CrewPlan): RawAddress {
  const { protocol, hostname, port, pathname, searchParams } = new URL(serverUrl(url));
  searchParams.set('encoding', encoding);
  const isTls = protocol === 'wss:';
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || (isTls ? 443 : 80),
    path: `${pathname}?${searchParams}`,
    isTls,
    isText: encoding !== 'msgpack',
    isDeflateOffered: isCompressed,
  };
}
