/** Finds the uWebSockets.js that runs here. The only file that loads it. */

import type { AppOptions, TemplatedApp, us_listen_socket } from 'uWebSockets.js';

export type {
  HttpRequest,
  HttpResponse,
  TemplatedApp,
  us_listen_socket,
  us_socket_context_t,
  WebSocket,
} from 'uWebSockets.js';

/** The little of the library that the server uses; every provider has it. */
export type Uws = {
  App(): TemplatedApp;
  /** Throws when it can't use the files. */
  SSLApp(options: AppOptions): TemplatedApp;
  us_listen_socket_close(socket: us_listen_socket): void;
  us_socket_local_port(socket: us_listen_socket): number;
  LIBUS_LISTEN_EXCLUSIVE_PORT: number;
  SHARED_COMPRESSOR: number;
  SHARED_DECOMPRESSOR: number;
};

/** The first serves Node 20 and 22 on glibc ≥ 2.27, macOS and Windows; the second Node 24 on glibc ≥ 2.38. */
const providers = ['uWebSockets.js', '@btc-vision/uwebsockets.js'];

/** Throws one Error that says what was found here and what to install when no provider has a binary for it. */
export async function loadUws(names: readonly string[] = providers): Promise<Uws> {
  const reasons: string[] = [];
  for (const name of names) {
    try {
      const module = await import(name);
      return module.App === undefined ? module.default : module;
    } catch (error) {
      reasons.push(`${name}: ${firstLine(error)}`);
    }
  }
  throw new Error(noBinary(reasons));
}

function noBinary(reasons: readonly string[]): string {
  return [
    `no uWebSockets.js binary for Node ${process.versions.node} on ${process.platform}-${process.arch} with ${libc()}`,
    ...reasons.map((reason) => `  ${reason}`),
    'Install the upstream release for it: npm install uNetworking/uWebSockets.js#v20.52.0',
  ].join('\n');
}

function libc(): string {
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  const glibc = report.header?.glibcVersionRuntime;
  if (glibc !== undefined) return `glibc ${glibc}`;
  return process.platform === 'linux' ? 'a C library that is not glibc' : 'the system C library';
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
