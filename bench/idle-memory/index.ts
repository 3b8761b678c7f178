/**
 * Resident memory of the server for each idle connection: greeted, subscribed to nothing.
 *
 *   npm run bench:idle [-- connections]
 */

import { startChild } from '../support/child.ts';

const connections = Number(process.argv[2] ?? 5000);
const server = startChild('server', import.meta.url, { execArgv: ['--expose-gc'] });
const clients = startChild('clients', import.meta.url);
try {
  const { port } = await server.ask<{ port: number }>({});
  await clients.ask({ port, count: 500 }); // the first connections also grow pools that are shared by all
  const before = await server.ask<{ rss: number; sessions: number }>({});
  await clients.ask({ port, count: connections });
  const after = await server.ask<{ rss: number; sessions: number }>({});
  const each = (after.rss - before.rss) / (after.sessions - before.sessions);
  console.log(
    `${after.sessions} idle connections: ${(after.rss / 1e6).toFixed(1)} MB resident, ${(each / 1024).toFixed(2)} KB each`,
  );
} finally {
  await clients.stop();
  await server.stop();
}
