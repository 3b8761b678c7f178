import type { Command } from 'commander';
import { z } from 'zod';
import { chooseFeeds } from '../config/choose-feeds.ts';
import { historyMemory } from '../config/history-memory.ts';
import { checkedTls } from '../config/tls-files.ts';
import { type Config, type Flags, resolveConfig } from '../config.ts';
import { configFlags } from './config-flags.ts';
import type { Io } from './io.ts';

export function setUpCheckConfig(command: Command, io: Io): void {
  configFlags(command)
    .option('--sources', 'also print who set each value: default, a file, a variable or a flag')
    .addHelpText('after', examples)
    .action((flags: Flags & { sources?: boolean }) => checkConfig(flags, io));
}

const examples = `
Feeds are loaded too, so a wrong name, file or feed setting is found here. Exit code 2 lists every problem.
Under "memory" it says how much of their past topics may keep.

Examples:
  $ tickwire check-config
  $ TICKWIRE_PORT=9100 tickwire check-config --sources
  $ tickwire check-config --config ./production.json`;

async function checkConfig(
  { sources: wantsSources = false, ...flags }: Flags & { sources?: boolean },
  io: Io,
): Promise<void> {
  const { config, sources } = await resolveConfig({ cwd: io.cwd, env: io.env, flags });
  checkedTls(config);
  await chooseFeeds(config);
  const shown = printableConfig(config);
  io.stdout.write(`${JSON.stringify(wantsSources ? { config: shown, sources } : shown, null, 2)}\n`);
}

/** A zod schema has no JSON of its own; its JSON Schema says what it asks for. `memory` is what follows from the rest. */
function printableConfig(config: Config): object {
  return {
    ...config,
    server: { ...config.server, ...(config.server.adminToken !== undefined && { adminToken: '[hidden]' }) },
    memory: { history: historyMemory(config) },
    open: config.open.map(({ schema, ...topic }) => ({
      ...topic,
      ...(schema !== undefined && { schema: z.toJSONSchema(schema, { unrepresentable: 'any' }) }),
    })),
  };
}
