/** The port that a server listens on. */

import type { ServerOptions } from './options.ts';
import type { TemplatedApp, Uws, us_listen_socket } from './uws.ts';

export type Listener = {
  readonly port: number;
  /** Takes no more connections; those that are open stay. Twice is harmless. */
  close(): void;
};

/** The library's types lack this form. */
type ListenWithOptions = {
  listen(host: string, port: number, options: number, done: (socket: us_listen_socket | false) => void): void;
};

const shared = 0; // the library's LIBUS_LISTEN_DEFAULT, which it does not export: SO_REUSEPORT

/** Rejects, naming host and port, when the port can't be had. Whoever shares it must share it with all who listen there. */
export function listen(
  uws: Uws,
  app: TemplatedApp,
  { host, port, sharePort }: Pick<ServerOptions, 'host' | 'port' | 'sharePort'>,
): Promise<Listener> {
  const options = sharePort ? shared : uws.LIBUS_LISTEN_EXCLUSIVE_PORT;
  return new Promise((resolve, reject) => {
    (app as unknown as ListenWithOptions).listen(host, port, options, (socket) => {
      if (socket) resolve(listenerOf(uws, socket));
      else
        reject(new Error(`cannot listen on ${host}:${port}: the port is in use, or the address is not this machine's`));
    });
  });
}

function listenerOf(uws: Uws, socket: us_listen_socket): Listener {
  let isOpen = true;
  return {
    port: uws.us_socket_local_port(socket),
    close() {
      if (isOpen) uws.us_listen_socket_close(socket);
      isOpen = false;
    },
  };
}
