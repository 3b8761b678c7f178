/** How a command ends: the number for scripts, the words for people. */

import { CommanderError } from 'commander';
import { ConfigError } from '../config/config-error.ts';
import type { Output } from './io.ts';

export const exitCodes = {
  ok: 0,
  failed: 1, // the world: server away, port taken, feed broken
  usage: 2, // the caller: flags, arguments, config
  doubtful: 3, // a benchmark that does not trust its own numbers
} as const;
export type ExitReason = keyof typeof exitCodes;

/** Ends a command with a message and no stack. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly reason: ExitReason;
  constructor(reason: ExitReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** Says once what went wrong and gives the exit code. commander has had its say already. */
export function reportError(error: unknown, stderr: Output, { stack }: { stack: boolean }): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  stderr.write(`tickwire: ${stack && error instanceof Error ? error.stack : messageOf(error)}\n`);
  if (error instanceof ConfigError) return exitCodes.usage;
  return error instanceof CliError ? exitCodes[error.reason] : exitCodes.failed;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
