import type { Command } from 'commander';
import { type Config, type Flags, loadConfig } from '../config.ts';
import { createLogger, type Logger } from '../logger.ts';
import { configFlags } from './config-flags.ts';
import { CliError, exitCodes } from './exit.ts';
import type { Io } from './io.ts';

export function setUpServe(command: Command, io: Io): void {
  configFlags(command)
    .addHelpText('after', examples)
    .action((flags: Flags) => serve(flags, io));
}

const examples = `
Each flag can stand in the config file or in the environment too (--port, TICKWIRE_PORT);
a flag wins over the environment, which wins over the file. "tickwire check-config" shows the outcome.

Examples:
  $ tickwire serve
  $ tickwire serve --port 9100 --feeds host,stocks
  $ tickwire serve --feed ./my-feed.ts
  $ TICKWIRE_HOST=0.0.0.0 tickwire serve`;

async function serve(flags: Flags, io: Io): Promise<void> {
  const config = await loadConfig({ cwd: io.cwd, env: io.env, flags });
  const log = createLogger(config.log, io.stdout);
  const signal = stopSignal(io);
  const { startTickwire } = await import('../main.ts'); // the other commands need no server in memory
  const tickwire = await startTickwire(config, { log });
  io.onStrayError((error) => log.error({ err: error }, 'an error that nobody caught, most likely of a feed; going on'));
  announce(tickwire.url, config, log, io);
  await signal;
  log.info('stopping');
  await withinDeadline(tickwire.stop());
  log.info('stopped');
}

function announce(url: string, { log: { format } }: Config, log: Logger, { stdout }: Io): void {
  if (stdout.isTTY === true && format !== 'json') {
    stdout.write(`Tickwire is running at ${url} (Ctrl-C stops it)\n`);
  } else log.info({ url }, `Tickwire is running at ${url}`);
}

const sameSignalMs = 300; // one Ctrl-C under npm arrives twice: from the terminal and from npm

/** Settles at the first signal. A later one ends the process on the spot. */
function stopSignal(io: Io): Promise<void> {
  let firstAt: number | undefined;
  return new Promise((resolve) => {
    io.onStopSignal(() => {
      firstAt ??= performance.now();
      if (performance.now() - firstAt > sameSignalMs) io.exitNow(exitCodes.failed);
      resolve();
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
