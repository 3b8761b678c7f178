/** Who may open a WebSocket, and speaking what: decided from the request alone. */

import { type Encoding, encodings, ProtocolError } from '../protocol/index.ts';
import type { RefusalReason } from './counts.ts';
import { isOriginAllowed } from './origins.ts';
import { readWish } from './query-wish.ts';
import type { SubscriptionWish } from './subscription.ts';

/** The facts of an upgrade request, copied before it is gone. */
export type HandshakeRequest = {
  readonly host: string;
  readonly origin: string;
  readonly version: string;
  readonly key: string;
  readonly protocols: string;
  readonly query: URLSearchParams;
};

export type HandshakeAnswer =
  | { verdict: 'accept'; encoding: Encoding; wishes: readonly SubscriptionWish[]; protocol: string }
  | { verdict: 'refuse'; status: string; reason: RefusalReason; message: string };

/** Subprotocols, most wanted first. */
const subprotocols = new Map<string, Encoding>([
  ['tickwire.v1.msgpack', 'msgpack'],
  ['tickwire.v1.json', 'json'],
]);

export function handshake(request: HandshakeRequest, allowedOrigins: readonly string[]): HandshakeAnswer {
  if (request.version !== '13') {
    return refuse(
      '426 Upgrade Required',
      'version',
      `Sec-WebSocket-Version must be 13, got "${printable(request.version)}"`,
    );
  }
  if (!/^[A-Za-z0-9+/]{22}==$/.test(request.key)) {
    return refuse(
      '400 Bad Request',
      'key',
      `Sec-WebSocket-Key must be 16 bytes in base64, got "${printable(request.key)}"`,
    );
  }
  if (!isOriginAllowed(request.origin, request.host, allowedOrigins)) {
    return refuse('403 Forbidden', 'origin', `origin "${printable(request.origin)}" is not allowed (allowedOrigins)`);
  }
  return chooseEncoding(request);
}

function chooseEncoding({ protocols, query }: HandshakeRequest): HandshakeAnswer {
  const offered = protocols
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  const protocol = offered.find((name) => subprotocols.has(name)) ?? '';
  if (offered.length > 0 && protocol === '') {
    const known = [...subprotocols.keys()].join(', ');
    return refuse(
      '400 Bad Request',
      'subprotocol',
      `subprotocol "${printable(offered.join(', '))}" is not known; there are ${known}`,
    );
  }
  const asked = query.get('encoding') ?? subprotocols.get(protocol) ?? 'msgpack';
  if (!isEncoding(asked)) {
    return refuse(
      '400 Bad Request',
      'encoding',
      `encoding "${printable(asked)}" is not known; there are ${encodings.join(', ')}`,
    );
  }
  const spoken = subprotocols.get(protocol);
  if (spoken !== undefined && (spoken === 'msgpack') !== (asked === 'msgpack')) {
    return refuse('400 Bad Request', 'encoding', `encoding "${asked}" contradicts the subprotocol ${protocol}`);
  }
  const encoding = asked === 'json' && query.get('batch') === '1' ? 'json-batch' : asked;
  return chooseWishes(encoding, protocol, query);
}

function chooseWishes(encoding: Encoding, protocol: string, query: URLSearchParams): HandshakeAnswer {
  try {
    const wish = readWish(query);
    const wishes = wish.patterns.map((pattern) => ({ ...wish, patterns: [pattern] }));
    return { verdict: 'accept', encoding, wishes, protocol };
  } catch (error) {
    if (error instanceof ProtocolError) return refuse('400 Bad Request', 'query', printable(error.message));
    throw error;
  }
}

function isEncoding(text: string): text is Encoding {
  return (encodings as readonly string[]).includes(text);
}

function refuse(status: string, reason: RefusalReason, message: string): HandshakeAnswer {
  return { verdict: 'refuse', status, reason, message };
}

/** Short and printable, whatever the peer sent. */
function printable(text: string): string {
  const clean = text.replace(/[^\x20-\x7e]/g, '?');
  return clean.length > 200 ? `${clean.slice(0, 200)}…` : clean;
}
