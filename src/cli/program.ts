/** The commands, and how a run of one ends. */

import { Command } from 'commander';
import { version } from '../version.ts';
import { addCheckConfig } from './check-config.ts';
import { reportError } from './exit.ts';
import { addFeeds } from './feeds.ts';
import type { Io } from './io.ts';
import { addPub } from './pub.ts';
import { addServe } from './serve.ts';
import { addSub } from './sub.ts';
import { addTopics } from './topics.ts';

/** Every command, in the order in which help lists them. To add one: write cli/<name>.ts, list it here. */
const commands: readonly ((program: Command, io: Io) => void)[] = [
  addServe,
  addSub,
  addPub,
  addTopics,
  addFeeds,
  addCheckConfig,
];

/** Runs one command to its end. Resolves with the exit code; never rejects. */
export async function runCli(args: readonly string[], io: Io): Promise<number> {
  const program = createProgram(io);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    return reportError(error, io.stderr, { stack: wantsStack(args, io) });
  }
}

function createProgram(io: Io): Command {
  const program = new Command('tickwire')
    .description('Live data feeds over WebSocket: run a server, watch its topics, publish to them.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help; "tickwire sub --help" shows that of one command')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'tickwire: ')),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .showHelpAfterError('Run it with --help to see what it takes.')
    .addHelpText('after', examples);
  for (const add of commands) add(program, io);
  return program;
}

const examples = `
First steps:
  $ tickwire serve                       start a server with the built-in feeds
  $ tickwire topics                      see what it publishes
  $ tickwire sub 'host.>'                watch this machine
  $ tickwire sub 'market.sim.*.quote'    watch every simulated quote

Patterns:
  Topics are dotted names. * stands for one segment, a final > for one or more.
  Quote patterns, or your shell expands them.

Exit codes:
  0 done    1 it failed (server away, port in use, broken feed)    2 wrong flag, argument or config`;

/** A stack is for whoever works on Tickwire, and they say so. */
function wantsStack(args: readonly string[], { env }: Io): boolean {
  const flag = args.find((arg) => arg.startsWith('--log-level='))?.slice('--log-level='.length);
  const at = args.indexOf('--log-level');
  const level = flag ?? (at === -1 ? env.TICKWIRE_LOG_LEVEL : args[at + 1]);
  return level === 'debug' || level === 'trace';
}
