/** Puts the doors on one port. */

import { compressionOf } from './compression.ts';
import { EventStreams } from './event-streams.ts';
import { openHttpDoor } from './http/index.ts';
import { openPage } from './http/page.ts';
import type { Exposition } from './http/route.ts';
import type { ServerParts } from './parts.ts';
import { createProblemLog } from './problem-log.ts';
import { startPulse } from './pulse.ts';
import type { Served } from './served.ts';
import type { Session } from './session.ts';
import { openSocketDoor } from './sockets.ts';
import type { TemplatedApp, Uws, us_listen_socket } from './uws.ts';

export type RunningServer = {
  readonly port: number;
  readonly sessions: ReadonlySet<Session>;
  /** Of server-sent events. */
  readonly events: EventStreams;
  /** Both. */
  readonly served: () => Iterable<Served>;
  /** Takes no more connections, tells every client why (1012), and frees the port. Twice is harmless. */
  stop(): Promise<void>;
};

/** Rejects, naming host and port, when the port can't be had. `pageFolder`: a built page to serve at `/`. `exposition`: for `/metrics`. */
export async function startServer(
  uws: Uws,
  app: TemplatedApp,
  given: Omit<ServerParts, 'problems'>,
  { pageFolder, exposition }: { pageFolder?: string | undefined; exposition?: Exposition } = {},
): Promise<RunningServer> {
  const problems = createProblemLog(given.log);
  const parts: ServerParts = { ...given, problems };
  const sessions = new Set<Session>();
  const events = new EventStreams(parts);
  const servedCount = () => sessions.size + events.size;
  const compression = compressionOf(uws, parts.options.compressFromBytes);
  openSocketDoor(app, { sessions, compression, connected: servedCount }, parts);
  if (pageFolder !== undefined) openPage(app, pageFolder);
  const served = () => both(sessions, events);
  openHttpDoor(app, { ...parts, events, servedCount, served, exposition });
  const listening = await listen(uws, app, parts.options);
  const pulse = startPulse(sessions, parts);
  parts.outlet.onMuch(pulse.soon);
  let stopped: Promise<void> | undefined;
  return {
    port: uws.us_socket_local_port(listening),
    sessions,
    events,
    served,
    stop() {
      stopped ??= stop(uws, app, listening, sessions, [pulse, events, { stop: problems.flush }]);
      return stopped;
    },
  };
}

function* both(sessions: Iterable<Served>, events: Iterable<Served>): Iterable<Served> {
  yield* sessions;
  yield* events;
}

/** The library's types lack this form; without the flag two processes would share a port in silence. */
type ListenExclusive = {
  listen(host: string, port: number, options: number, done: (socket: us_listen_socket | false) => void): void;
};

function listen(
  uws: Uws,
  app: TemplatedApp,
  { host, port }: { host: string; port: number },
): Promise<us_listen_socket> {
  return new Promise((resolve, reject) => {
    (app as unknown as ListenExclusive).listen(host, port, uws.LIBUS_LISTEN_EXCLUSIVE_PORT, (socket) => {
      if (socket) resolve(socket);
      else
        reject(new Error(`cannot listen on ${host}:${port}: the port is in use, or the address is not this machine's`));
    });
  });
}

const goodbyeMs = 250; // for close frames to leave and be answered; a client that stays silent is cut off

async function stop(
  uws: Uws,
  app: TemplatedApp,
  listening: us_listen_socket,
  sessions: ReadonlySet<Session>,
  parts: readonly { stop(): void }[],
): Promise<void> {
  for (const part of parts) part.stop();
  uws.us_listen_socket_close(listening);
  const leaving = [...sessions];
  for (const session of leaving) session.close('serviceRestart', 'the server is stopping');
  if (leaving.length > 0) await new Promise((resolve) => setTimeout(resolve, goodbyeMs));
  app.close();
}
