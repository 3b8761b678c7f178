import type { Command } from 'commander';
import { z } from 'zod';
import type { Io } from '../io.ts';
import { printable } from '../printable.ts';
import { type AdminFlags, adminFlags, askAsAdmin } from './asking.ts';

const answer = z.object({ level: z.string() });

export function setUpLogLevel(command: Command, io: Io): void {
  adminFlags(command.command('log-level'))
    .description('print how much the server logs, or set it until it is started anew')
    .argument('[level]', 'fatal, error, warn, info, debug, trace or silent')
    .action(async (wanted: string | undefined, { url, json }: AdminFlags) => {
      const set = wanted === undefined ? {} : ({ method: 'PUT', body: { level: wanted } } as const);
      const { level } = await askAsAdmin('log', answer, { ...set, url, io });
      io.stdout.write(json === true ? `${JSON.stringify({ level })}\n` : `${printable(level)}\n`);
    });
}
