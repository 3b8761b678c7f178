import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { CliError, messageOf } from './exit.ts';
import type { Io } from './io.ts';
import { serverAddress, urlFlag } from './server-address.ts';
import { ask } from './server-answers.ts';
import { declarationOf } from './types/declaration.ts';

export function setUpTypes(command: Command, io: Io): void {
  urlFlag(command)
    .option('-o, --output <file>', 'write to this file in place of the terminal; one that is there is replaced')
    .addHelpText('after', examples)
    .action((flags: Flags) => types(flags, io));
}

const examples = `
Writes one TypeScript declaration, Feeds: the payload of every topic that the server may publish.

Examples:
  $ tickwire types -o feeds.d.ts
  $ tickwire types --url ws://quotes.example:9000 > feeds.d.ts

  import { connect } from 'tickwire/client';
  import type { Feeds } from './feeds.d.ts';
  const client = connect<Feeds>('ws://127.0.0.1:9000');
  client.subscribe('market.sim.*.quote', (message) => message.type === 'value' && message.data.bid);`;

type Flags = { url?: string; output?: string };

async function types({ url, output }: Flags, io: Io): Promise<void> {
  const address = serverAddress(url, io);
  const { info, channels, components } = await ask(address, '/asyncapi.json', documentShape);
  const families = Object.values(channels).map(({ address: topic, description = '', messages }) => ({
    address: topic,
    description,
    payload: components.messages[messages.value.$ref.split('/').at(-1) ?? '']?.payload ?? {},
  }));
  const text = declarationOf(families, { server: `${info.title} ${info.version}`, url: address });
  if (output === undefined) io.stdout.write(text);
  else await write(resolve(io.cwd, output), text, output);
}

async function write(file: string, text: string, given: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (fault) {
    throw new CliError('failed', `--output ${given}: ${messageOf(fault)}`);
  }
}

const documentShape = z.object({
  info: z.object({ title: z.string(), version: z.string() }),
  channels: z.record(
    z.string(),
    z.object({
      address: z.string(),
      description: z.string().optional(),
      messages: z.object({ value: z.object({ $ref: z.string() }) }),
    }),
  ),
  components: z.object({ messages: z.record(z.string(), z.object({ payload: z.unknown() })) }),
});
