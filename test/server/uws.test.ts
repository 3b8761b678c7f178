import { expect, test } from 'vitest';
import { loadUws } from '../../src/server/index.ts';

test('the first provider that loads is taken', async () => {
  const uws = await loadUws(['no-such-provider', 'uWebSockets.js']);
  expect(typeof uws.App).toBe('function');
});

test('without any, one message says what is here and what to install', async () => {
  const failure = loadUws(['no-such-provider', 'no-other-provider']);
  await expect(failure).rejects.toThrow(`Node ${process.versions.node} on ${process.platform}-${process.arch}`);
  await expect(failure).rejects.toThrow(/libc|system C library/);
  await expect(failure).rejects.toThrow(/no-such-provider: .*\n.*no-other-provider: /);
  await expect(failure).rejects.toThrow(/npm install uNetworking\/uWebSockets\.js#v\d+/);
});
