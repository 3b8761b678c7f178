#!/usr/bin/env node
/** The command `tickwire`: one process's arguments, streams and signals handed to src/cli. */

import { runCli } from './cli/program.ts';
import { environment } from './config.ts';

// `tickwire sub … | head` has seen enough when its reader leaves: nothing to complain about.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

const exitCode = await runCli(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: environment,
  cwd: process.cwd(),
  onStopSignal(handler) {
    process.on('SIGINT', handler).on('SIGTERM', handler);
    return () => void process.off('SIGINT', handler).off('SIGTERM', handler);
  },
  onKey(handler) {
    const { stdin } = process;
    if (!stdin.isTTY) return () => {};
    const heard = (bytes: Buffer) => handler(bytes.toString());
    stdin.setRawMode(true).on('data', heard).resume();
    return () => void stdin.off('data', heard).setRawMode(false).pause();
  },
  onResize(handler) {
    process.stdout.on('resize', handler);
    return () => void process.stdout.off('resize', handler);
  },
  onStrayError(handler) {
    process.on('uncaughtException', handler).on('unhandledRejection', handler);
    return () => void process.off('uncaughtException', handler).off('unhandledRejection', handler);
  },
  exitNow: (code) => process.exit(code),
});

// What was written leaves first, which on a Windows pipe takes a moment.
process.stdout.write('', () => process.exit(exitCode));
