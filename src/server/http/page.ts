import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { HttpResponse, TemplatedApp } from '../uws.ts';
import { httpStatus, sendError, writeHead } from './reply.ts';

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** No script, style or connection but our own; `ws:` is named because some browsers do not count it as 'self'. */
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self' ws: wss:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Serves a built page from memory: its files are few and never change while the server runs. */
export function openPage(app: TemplatedApp, folder: string): void {
  for (const file of listFiles(folder)) {
    const body = readFileSync(join(folder, file));
    const isEntry = file === 'index.html';
    const isScript = extname(file) === '.js';
    const headers = {
      'Content-Type': contentTypes[extname(file)] ?? 'application/octet-stream',
      'Content-Security-Policy': contentSecurityPolicy,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      // Built files carry a hash in their names, so only what is asked for by a fixed one must be asked for again.
      'Cache-Control': isEntry || file === clientFile ? 'no-cache' : 'public, max-age=31536000, immutable',
      // The client library is for pages of other origins, too; whether their sockets are let in is another question.
      ...(isScript && { 'Access-Control-Allow-Origin': '*', 'Cross-Origin-Resource-Policy': 'cross-origin' }),
    };
    const path = isEntry ? '/' : `/${file}`;
    app.get(path, (res) => send(res, headers, body));
    app.any(path, (res) => sendError(res, 'methodNotAllowed', 'use GET', { Allow: 'GET' }));
  }
}

/** The client library by itself, by the same name in every version. */
const clientFile = 'client.js';

function send(res: HttpResponse, headers: Record<string, string>, body: Buffer): void {
  res.cork(() => {
    writeHead(res, httpStatus.ok, headers);
    res.end(body);
  });
}

function listFiles(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}
