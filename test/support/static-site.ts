/** A folder as a web site, on a port of its own. */

import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

export type StaticSite = { readonly url: string; readonly server: Server; close(): Promise<void> };

const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

export async function staticSite(folder: string): Promise<StaticSite> {
  const server = createServer(async ({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://site');
    if (pathname === '/favicon.ico') {
      response.writeHead(204).end(); // browsers ask for it, wanted or not
      return;
    }
    const file = normalize(pathname.endsWith('/') ? `${pathname}index.html` : pathname);
    const body = await readFile(join(folder, file)).catch(() => undefined);
    response.writeHead(body === undefined ? 404 : 200, { 'Content-Type': types[extname(file)] ?? 'text/plain' });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    server,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
