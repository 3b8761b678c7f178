/** The commands, and how a run of one ends. */

import { Command } from 'commander';
import { version } from '../version.ts';
import { reportError } from './exit.ts';
import type { Io } from './io.ts';

type SetUp = (command: Command, io: Io) => void;

/**
 * Every command, in the order in which help lists them. To add one: write cli/<name>.ts, list it here.
 * Only the one that is asked for is loaded: `sub` should start before a person notices.
 */
const commands: readonly { name: string; description: string; load: () => Promise<SetUp> }[] = [
  {
    name: 'serve',
    description: 'start the server and its feeds, until Ctrl-C',
    load: async () => (await import('./serve.ts')).setUpServe,
  },
  {
    name: 'sub',
    description: 'watch topics: one line for each update, until Ctrl-C',
    load: async () => (await import('./sub.ts')).setUpSub,
  },
  {
    name: 'pub',
    description: 'publish to a topic that the server opens for clients',
    load: async () => (await import('./pub.ts')).setUpPub,
  },
  {
    name: 'topics',
    description: 'list the topics of a running server',
    load: async () => (await import('./topics.ts')).setUpTopics,
  },
  {
    name: 'types',
    description: 'write TypeScript types of everything that a running server publishes',
    load: async () => (await import('./types.ts')).setUpTypes,
  },
  {
    name: 'history',
    description: 'print what a topic published before, as far as the server keeps it',
    load: async () => (await import('./history.ts')).setUpHistory,
  },
  {
    name: 'connections',
    description: 'list who is connected to a running server, the slowest first',
    load: async () => (await import('./connections.ts')).setUpConnections,
  },
  {
    name: 'ledger',
    description: 'check that a running server accounts for every publication, to the last one',
    load: async () => (await import('./ledger.ts')).setUpLedger,
  },
  {
    name: 'top',
    description: 'watch a running server: rates, feeds, and its slowest clients',
    load: async () => (await import('./top.ts')).setUpTop,
  },
  {
    name: 'admin',
    description: 'look into a running server, and act: sessions, feeds, log level',
    load: async () => (await import('./admin.ts')).setUpAdmin,
  },
  {
    name: 'bench',
    description: 'load a server, and say how fast and how reliable it is',
    load: async () => (await import('./bench.ts')).setUpBench,
  },
  {
    name: 'feeds',
    description: 'list the feeds that a server would run, and those it could; needs no server',
    load: async () => (await import('./feeds.ts')).setUpFeeds,
  },
  {
    name: 'check-config',
    description: 'check the configuration and print what would be in force',
    load: async () => (await import('./check-config.ts')).setUpCheckConfig,
  },
];

/** Runs one command to its end. Resolves with the exit code; never rejects. */
export async function runCli(args: readonly string[], io: Io): Promise<number> {
  try {
    const program = await createProgram(args, io);
    await program.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    return reportError(error, io.stderr, { stack: wantsStack(args, io) });
  }
}

async function createProgram(args: readonly string[], io: Io): Promise<Command> {
  const program = emptyProgram(io);
  const asked = args.find((arg) => !arg.startsWith('-'));
  for (const { name, description, load } of commands) {
    const command = program.command(name).description(description);
    if (name === asked) (await load())(command, io);
  }
  return program;
}

function emptyProgram(io: Io): Command {
  return new Command('tickwire')
    .description('Live data feeds over WebSocket: run a server, watch its topics, publish to them.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      outputError: (text, write) => write(shortened(text).replace(/^error: /, 'tickwire: ')),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .showHelpAfterError('Run it with --help to see what it takes.')
    .addHelpText('after', examples);
}

/** What was wrong with an argument must not scroll off behind the argument. */
function shortened(text: string): string {
  return text.replace(/(argument '.{80}).+(' is invalid)/s, '$1…$2');
}

const examples = `
First steps:
  $ tickwire serve                       start a server with the built-in feeds
  $ tickwire topics                      see what it publishes
  $ tickwire sub 'host.>'                watch this machine
  $ tickwire sub 'market.sim.*.quote'    watch every simulated quote
  $ tickwire sub --help                  what one command takes, with examples

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
