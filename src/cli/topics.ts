import type { Command } from 'commander';
import { z } from 'zod';
import { CliError } from './exit.ts';
import type { Io } from './io.ts';
import { checkPattern } from './patterns.ts';
import { printable } from './printable.ts';
import { getJson, serverAddress, urlFlag } from './server-address.ts';
import { table } from './table.ts';

export function setUpTopics(command: Command, io: Io): void {
  urlFlag(command)
    .argument('[pattern]', 'only topics that it selects, such as "market.>"', '>')
    .option('--json', 'print one JSON object a line')
    .addHelpText('after', examples)
    .action((pattern: string, flags: Flags) => topics(pattern, flags, io));
}

const examples = `
SEQ counts a topic's publications; AGE is how long ago the last one happened.

Examples:
  $ tickwire topics
  $ tickwire topics 'market.sim.*.quote'
  $ tickwire topics --json | jq -r .topic`;

type Flags = { url?: string; json?: boolean };

const topicList = z.object({
  topics: z.array(
    z.object({
      topic: z.string(),
      kind: z.string(),
      epoch: z.string(),
      seq: z.int(),
      ts: z.int().nullable(),
      schema: z.int(),
    }),
  ),
});
const schemaList = z.object({
  schemas: z.array(z.object({ id: z.int(), fields: z.array(z.looseObject({ name: z.string(), type: z.string() })) })),
});
type Topic = z.infer<typeof topicList>['topics'][number];
type Fields = z.infer<typeof schemaList>['schemas'][number]['fields'];

async function topics(pattern: string, flags: Flags, io: Io): Promise<void> {
  checkPattern(pattern);
  const address = serverAddress(flags.url, io);
  const found = read(
    topicList,
    await getJson(address, `/topics?pattern=${encodeURIComponent(pattern)}`),
    address,
  ).topics;
  const { schemas } = read(schemaList, await getJson(address, '/schemas'), address);
  const fieldsOf = new Map(schemas.map(({ id, fields }) => [id, fields]));
  const sorted = found.sort((a, b) => (a.topic < b.topic ? -1 : 1));
  if (flags.json) for (const topic of sorted) io.stdout.write(`${JSON.stringify(asJson(topic, fieldsOf))}\n`);
  else io.stdout.write(sorted.length === 0 ? `no topic matches ${pattern}\n` : asTable(sorted, fieldsOf));
}

function asJson({ schema, ...topic }: Topic, fieldsOf: ReadonlyMap<number, Fields>): object {
  return { ...topic, fields: fieldsOf.get(schema) ?? [] };
}

function asTable(found: readonly Topic[], fieldsOf: ReadonlyMap<number, Fields>): string {
  const now = Date.now();
  const rows = found.map(({ topic, kind, seq, ts, schema }) => {
    const names = (fieldsOf.get(schema) ?? []).map(({ name, type }) => printable(name === '' ? type : name));
    return [
      printable(topic),
      printable(kind),
      String(seq),
      ts === null ? '-' : showAge(now - ts / 1000),
      names.join(' '),
    ];
  });
  return table(['TOPIC', 'KIND', 'SEQ', 'AGE', 'FIELDS'], rows);
}

/** Two digits that matter. Clocks of two machines may differ, so an age can be below nothing. */
function showAge(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}

function read<T>(schema: z.ZodType<T>, body: unknown, address: string): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw new CliError(
    'failed',
    `${address} does not answer as a Tickwire server does: ${z.prettifyError(result.error)}`,
  );
}
