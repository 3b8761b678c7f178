import type { Command } from 'commander';
import { type Config, type Flags, loadConfig } from '../config.ts';
import { createLogger, type Logger } from '../logger.ts';
import type { RunningTickwire } from '../main.ts';
import { configFlags } from './config-flags.ts';
import { CliError, exitCodes } from './exit.ts';
import type { Io, StopSignal } from './io.ts';
import { showCount } from './show.ts';

export function setUpServe(command: Command, io: Io): void {
  configFlags(command)
    .addHelpText('after', examples)
    .action((flags: Flags) => serve(flags, io));
}

const examples = `
Each flag can stand in the config file or in the environment too (--port, TICKWIRE_PORT);
a flag wins over the environment, which wins over the file. "tickwire check-config" shows the outcome.

Ctrl-C (SIGINT) stops the server at once. SIGTERM sends its clients away first, spread over server.drainMs, while
they are served as ever; a second signal ends it on the spot.

Examples:
  $ tickwire serve
  $ tickwire serve --port 9100 --feeds host,stocks
  $ tickwire serve --feed ./my-feed.ts
  $ TICKWIRE_HOST=0.0.0.0 tickwire serve
  $ tickwire serve --share-port     a second one of these takes over while the first drains`;

async function serve(flags: Flags, io: Io): Promise<void> {
  const config = await loadConfig({ cwd: io.cwd, env: io.env, flags });
  const log = createLogger(config.log, io.stdout);
  const say = speaker(config, log, io);
  const firstSignal = stopSignal(io);
  const { startTickwire } = await import('../main.ts'); // the other commands need no server in memory
  const tickwire = await startTickwire(config, { log });
  io.onStrayError((error) => log.error({ err: error }, 'an error that nobody caught, most likely of a feed; going on'));
  const { url } = tickwire;
  say({ url }, `Tickwire is running at ${url}`, ' (Ctrl-C stops it)');
  if ((await firstSignal) === 'SIGTERM') await drained(tickwire, config, say);
  say({}, 'stopping');
  await withinDeadline(tickwire.stop());
  say({}, 'stopped');
}

/** A sentence for whoever watches, `aside` for people only; in the log it has fields. */
type Say = (fields: object, sentence: string, aside?: string) => void;

function speaker({ log: { format } }: Config, log: Logger, { stdout }: Io): Say {
  if (stdout.isTTY !== true || format === 'json') return (fields, sentence) => log.info(fields, sentence);
  return (_fields, sentence, aside = '') => void stdout.write(`${sentence}${aside}\n`);
}

const progressEveryMs = 5000; // a sign of life for who waits, and no more lines than that

/** Nobody is left, or their time is over. */
async function drained(tickwire: RunningTickwire, { server: { drainMs } }: Config, say: Say): Promise<void> {
  const { server } = tickwire;
  const clients = server.clientCount;
  if (clients === 0 || drainMs === 0) return tickwire.drain();
  const most = `at most ${showSeconds(drainMs)}`;
  say({ clients, drainMs }, `draining: ${showClients(clients)}, ${most}`, ' (a second signal ends it at once)');
  const timer = setInterval(() => {
    const left = server.clientCount;
    if (left > 0) say({ clients: left }, `draining: ${showClients(left)} left`);
  }, progressEveryMs);
  await tickwire.drain().finally(() => clearInterval(timer));
}

function showClients(count: number): string {
  return count === 1 ? '1 client' : `${showCount(count)} clients`;
}

function showSeconds(ms: number): string {
  return `${Number((ms / 1000).toFixed(1))} s`;
}

const sameSignalMs = 300; // one Ctrl-C under npm arrives twice: from the terminal and from npm

/** Settles at the first signal. A later one, or another at any time, ends the process on the spot. */
function stopSignal(io: Io): Promise<StopSignal> {
  let first: { signal: StopSignal; at: number } | undefined;
  return new Promise((resolve) => {
    io.onStopSignal((signal) => {
      first ??= { signal, at: performance.now() };
      const isSame = signal === first.signal && performance.now() - first.at <= sameSignalMs;
      if (!isSame) io.exitNow(exitCodes.failed);
      resolve(signal);
    });
  });
}

const stopDeadlineMs = 1_800; // people wait about two seconds before they reach for kill -9

async function withinDeadline(stopped: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const message = `still stopping after ${stopDeadlineMs} ms: left without waiting for the rest`;
    timer = setTimeout(() => reject(new CliError('failed', message)), stopDeadlineMs);
  });
  await Promise.race([stopped, late]).finally(() => clearTimeout(timer));
}
