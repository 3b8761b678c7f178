/** AsyncAPI 3 (https://www.asyncapi.com/docs/reference/specification/v3.0.0): what this server sends and takes by topic. */

import type { TopicFamily } from '../../topic-family.ts';
import { sendJson } from '../reply.ts';
import type { Route } from '../route.ts';
import { hostOf } from './host.ts';

export const asyncapi: Route = {
  method: 'get',
  path: '/asyncapi.json',
  doc: {
    summary: 'This server’s topics as AsyncAPI 3',
    answers: { 200: 'The document: a channel for each family of topics, with the schema of its values.' },
  },
  handle({ res, header, parts }) {
    const { families, name, options } = parts;
    const server = { host: hostOf(header('host')), isSecure: options.tlsCertFile !== undefined };
    sendJson(res, 'ok', asyncapiOf(families(), { name, ...server }));
  },
};

export type DescribedServer = { readonly name: string; readonly host: string; readonly isSecure: boolean };

export function asyncapiOf(families: readonly TopicFamily[], { name, host, isSecure }: DescribedServer): object {
  const [title = 'tickwire', version = '0'] = name.split('/');
  const named = families.map((family, i) => [`${idOf(family.address)}-${i + 1}`, family] as const);
  return {
    asyncapi: '3.0.0',
    info: { title, version, description: about },
    servers: { this: { host, pathname: '/ws', protocol: isSecure ? 'wss' : 'ws', description: 'tickwire.v1.msgpack' } },
    defaultContentType: 'application/msgpack',
    channels: Object.fromEntries(named.map(([id, family]) => [id, channelOf(id, family)])),
    operations: Object.fromEntries(
      named.flatMap(([id, family]) =>
        operationsOf(id, family).map((operation) => [`${operation.action}-${id}`, operation]),
      ),
    ),
    components: { messages: Object.fromEntries(named.map(([id, family]) => [id, messageOf(family)])) },
  };
}

const about = [
  'Binary frames over WebSocket, as PROTOCOL.md describes them: SUBSCRIBE with an address as a pattern, `*` in place of',
  'each parameter. The payloads here are the values that DATA frames carry by position, SCHEMA saying which is which.',
  'As JSON by hand: /ws?encoding=json&topics=…; as server-sent events: /events?topics=….',
].join(' ');

function channelOf(id: string, { address, description, kind, source, maxSilenceMs }: TopicFamily) {
  const names = [...address.matchAll(/\{([^}]+)\}/g)].map(([, parameter = '']) => parameter);
  const parameters = Object.fromEntries(
    names.map((parameter) => [parameter, { description: 'One segment of the topic.' }]),
  );
  return {
    address,
    ...(description !== '' && { description }),
    ...(names.length > 0 && { parameters }),
    messages: { value: { $ref: `#/components/messages/${id}` } },
    'x-kind': kind,
    'x-source': source,
    ...(maxSilenceMs !== undefined && { 'x-max-silence-ms': maxSilenceMs }),
  };
}

/** Seen from the server, as the specification has it: it sends what clients receive. */
function operationsOf(id: string, { source }: TopicFamily) {
  const channel = { $ref: `#/channels/${id}` };
  const messages = [{ $ref: `#/channels/${id}/messages/value` }];
  const actions = source === 'clients' ? (['send', 'receive'] as const) : (['send'] as const);
  return actions.map((action) => ({ action, channel, messages }));
}

function messageOf({ address, payload }: TopicFamily) {
  return { name: address, payload };
}

/** The letters that are safe in a reference. */
function idOf(address: string): string {
  return address.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '');
}
