import { expect, test } from 'vitest';
import { serverUrl } from '../../src/client/server-url.ts';

test.each([
  ['ws://127.0.0.1:9000', 'ws://127.0.0.1:9000/ws'],
  ['ws://127.0.0.1:9000/', 'ws://127.0.0.1:9000/ws'],
  ['http://example.com', 'ws://example.com/ws'],
  ['https://example.com', 'wss://example.com/ws'],
  ['wss://example.com/feeds/ws', 'wss://example.com/feeds/ws'],
  ['ws://[::1]:9000', 'ws://[::1]:9000/ws'],
  ['https://example.com/?region=eu#top', 'wss://example.com/ws?region=eu'],
])('%s goes to %s', (address, url) => {
  expect(serverUrl(address)).toBe(url);
});

test.each(['', 'example.com', 'localhost:9000', 'ftp://example.com'])('%j is refused by name', (address) => {
  expect(() => serverUrl(address)).toThrow(RangeError);
  expect(() => serverUrl(address)).toThrow(JSON.stringify(address));
});
