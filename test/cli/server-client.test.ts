import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectToServer } from '../../src/cli/server-client.ts';
import { FakeServer } from '../support/fake-server.ts';

let server: FakeServer;
beforeEach(async () => {
  server = await FakeServer.start();
});
afterEach(() => server.stop());

test('it says that the server is leaving and when it has moved, and nothing of a lost connection', async () => {
  const { client, said, until } = connected();
  const old = await server.greeted();
  await until(() => client.state.name === 'open');
  old.send({ op: 'drain', slotMs: 40, deadlineMs: 25_000 });
  await server.greeted();
  await until(() => said.length === 2);
  expect(said).toEqual(['server is leaving: moving in 0.0 s', `moved to the next server at ${server.url}`]);
  client.close();
});

test('a lost connection is said, and the next one too', async () => {
  const { client, said, until } = connected();
  const old = await server.greeted();
  await until(() => client.state.name === 'open');
  old.close(1012, 'restart');
  await server.greeted();
  await until(() => said.length === 2);
  expect(said).toEqual(['connection lost (restart), trying again', `connected again to ${server.url}`]);
  client.close();
});

test('a server that was never reached is the end', async () => {
  const { client, failed } = connected();
  (await server.next()).close(1013, 'full');
  await expect(failed).rejects.toThrow('full');
  client.close();
});

function connected() {
  const said: string[] = [];
  let wake = () => {};
  const { client, failed } = connectToServer(server.url, (message) => {
    said.push(message);
    wake();
  });
  client.on('state', () => wake());
  const until = async (isTrue: () => boolean) => {
    while (!isTrue()) await new Promise<void>((resolve) => (wake = resolve));
  };
  return { client, failed, said, until };
}
