import { describe, expect, test } from 'vitest';
import { handshake } from '../../src/server/handshake.ts';
import { isOriginAllowed } from '../../src/server/origins.ts';

const good = {
  host: 'feeds.example:9000',
  origin: '',
  version: '13',
  key: 'dGhlIHNhbXBsZSBub25jZQ==',
  protocols: 'tickwire.v1.msgpack',
  query: new URLSearchParams(),
};

test.each([
  ['no subprotocol is MessagePack', { protocols: '' }, 'msgpack', ''],
  ['the first known subprotocol is spoken', { protocols: 'x, tickwire.v1.json' }, 'json', 'tickwire.v1.json'],
  ['the URL may ask for JSON', { protocols: '', query: new URLSearchParams('encoding=json') }, 'json', ''],
  [
    'and for batches',
    { protocols: 'tickwire.v1.json', query: new URLSearchParams('batch=1') },
    'json-batch',
    'tickwire.v1.json',
  ],
  ['by either name', { protocols: '', query: new URLSearchParams('encoding=json-batch') }, 'json-batch', ''],
])('%s', (_name, change, encoding, protocol) => {
  expect(handshake({ ...good, ...change }, [])).toMatchObject({ verdict: 'accept', encoding, protocol });
});

test('patterns in the URL are lists or repeated', () => {
  const query = new URLSearchParams('topics=a.*,b&topics=c.>');
  expect(handshake({ ...good, query }, [])).toMatchObject({
    wishes: [{ patterns: ['a.*'] }, { patterns: ['b'] }, { patterns: ['c.>'] }],
  });
});

test.each([
  ['another version', { version: '8' }, '426', '"8"'],
  ['no version', { version: '' }, '426', 'Sec-WebSocket-Version'],
  ['no key', { key: '' }, '400', 'Sec-WebSocket-Key'],
  ['a short key', { key: 'abcd' }, '400', '"abcd"'],
  ['a foreign origin', { origin: 'https://evil.example' }, '403', 'https://evil.example'],
  ['an unknown subprotocol', { protocols: 'mqtt' }, '400', '"mqtt"'],
  ['an unknown encoding', { query: new URLSearchParams('encoding=xml') }, '400', '"xml"'],
  ['an encoding against the subprotocol', { query: new URLSearchParams('encoding=json') }, '400', 'contradicts'],
  ['a bad pattern', { query: new URLSearchParams('topics=a..b') }, '400', '"a..b"'],
  ['an empty pattern list', { query: new URLSearchParams('topics=') }, '400', 'empty'],
  ['too many patterns', { query: new URLSearchParams(`topics=${'a,'.repeat(64)}a`) }, '400', '65'],
])('%s is refused with what was wrong', (_name, change, status, words) => {
  const answer = handshake({ ...good, ...change }, []);
  expect(answer).toMatchObject({ verdict: 'refuse', message: expect.stringContaining(words) });
  expect(answer.verdict === 'refuse' && answer.status).toMatch(new RegExp(`^${status} `));
});

describe('origins', () => {
  const host = 'good.example';
  const allowed = ['https://app.example:8443'];

  test.each(['', 'http://good.example', 'https://good.example', 'https://app.example:8443'])(
    '%j may connect',
    (origin) => {
      expect(isOriginAllowed(origin, host, allowed)).toBe(true);
    },
  );

  test.each([
    'null',
    'https://good.example.evil',
    'https://evilgood.example',
    'https://good.example:444',
    'https://GOOD.example.',
    'https://good.example/',
    'https://user@good.example',
    'ftp://good.example',
    'https://app.example',
    'http://app.example:8443',
    'https://app.example:84430',
    'https://аpp.example:8443',
  ])('%j may not', (origin) => {
    expect(isOriginAllowed(origin, host, allowed)).toBe(false);
  });
});
