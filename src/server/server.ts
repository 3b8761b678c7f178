/** Puts the doors on one port. */

import { refusal } from './admission.ts';
import { compressionOf } from './compression.ts';
import { type Controls, noControls } from './controls.ts';
import { Drain, goodbyeMs } from './drain.ts';
import { EventStreams } from './event-streams.ts';
import { openHttpDoor } from './http/index.ts';
import { openPage } from './http/page.ts';
import type { Exposition } from './http/route.ts';
import { type Listener, listen } from './listener.ts';
import type { ServerParts } from './parts.ts';
import { createProblemLog } from './problem-log.ts';
import { startPulse } from './pulse.ts';
import { Readiness } from './readiness.ts';
import type { Served } from './served.ts';
import type { Session } from './session.ts';
import { openSocketDoor } from './sockets.ts';
import type { TopicFamily } from './topic-family.ts';
import type { TemplatedApp, Uws } from './uws.ts';

export type RunningServer = {
  readonly port: number;
  readonly sessions: ReadonlySet<Session>;
  /** Of server-sent events. */
  readonly events: EventStreams;
  readonly served: () => Iterable<Served>;
  readonly readiness: Readiness;
  /** It is on its way out: nobody new is let in. */
  readonly isDraining: boolean;
  /** Sessions and event streams. */
  readonly clientCount: number;
  /** Sends every client away in its own moment. Resolves when nobody is left, or `drainMs` later. Twice is harmless. */
  drain(): Promise<void>;
  /** Takes no more connections, tells every client why (1012), and frees the port. Twice is harmless. */
  stop(): Promise<void>;
};

export type Extras = {
  /** A built page to serve at `/`. */
  readonly pageFolder?: string | undefined;
  /** For `/metrics`. */
  readonly exposition?: Exposition;
  /** For `/admin`. */
  readonly controls?: Controls;
  /** What can be published here, for `/asyncapi.json`. */
  readonly families?: () => readonly TopicFamily[];
};

/** Rejects, naming host and port, when the port can't be had. */
export async function startServer(
  uws: Uws,
  app: TemplatedApp,
  given: Omit<ServerParts, 'problems' | 'controls'>,
  { pageFolder, exposition, controls = noControls, families = () => [] }: Extras = {},
): Promise<RunningServer> {
  const problems = createProblemLog(given.log);
  const parts: ServerParts = { ...given, problems, controls };
  const { options, hub } = parts;
  const sessions = new Set<Session>();
  const events = new EventStreams(parts);
  const clients = () => [...sessions, ...events];
  const clientCount = () => sessions.size + events.size;
  const drain = new Drain({ options, guests: clients, guestCount: clientCount, flush: () => hub.flush() });
  const readiness = new Readiness([
    () => (drain.isOn ? 'the server is draining' : undefined),
    ...(parts.conditions ?? []),
  ]);
  const refusalNow = () => refusal({ isDraining: drain.isOn, connected: clientCount() }, options);
  const compression = compressionOf(uws, options.compressFromBytes);
  openSocketDoor(app, { sessions, compression, refusal: refusalNow }, parts);
  if (pageFolder !== undefined) openPage(app, pageFolder);
  openHttpDoor(app, { ...parts, events, readiness, refusal: refusalNow, served: clients, exposition, families });
  const listener = await listen(uws, app, options);
  const pulse = startPulse(sessions, parts);
  parts.outlet.onMuch(pulse.soon);
  let drained: Promise<void> | undefined;
  let stopped: Promise<void> | undefined;
  return {
    port: listener.port,
    sessions,
    events,
    served: clients,
    readiness,
    get isDraining() {
      return drain.isOn;
    },
    get clientCount() {
      return clientCount();
    },
    drain() {
      drained ??= options.sharePort ? leavePort(listener).then(() => drain.begin()) : drain.begin();
      return drained;
    },
    stop() {
      stopped ??= stop(app, listener, sessions, [drain, pulse, events, { stop: problems.flush }]);
      return stopped;
    },
  };
}

/**
 * To whoever shares it. Connections that the kernel has made and nobody has taken yet are reset with the socket (Linux
 * moves them only where net.ipv4.tcp_migrate_req is set), so it is closed right after the library has taken all: at the
 * end of a turn that had next to nothing to do.
 */
async function leavePort(listener: Listener): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
  listener.close();
}

async function stop(
  app: TemplatedApp,
  listener: Listener,
  sessions: ReadonlySet<Session>,
  parts: readonly { stop(): void }[],
): Promise<void> {
  for (const part of parts) part.stop();
  listener.close();
  const leaving = [...sessions];
  for (const session of leaving) session.close('serviceRestart', 'the server is stopping');
  if (leaving.length > 0) await new Promise((resolve) => setTimeout(resolve, goodbyeMs));
  app.close();
}
