import type { Command } from 'commander';
import { z } from 'zod';
import { feeds as builtIn } from '../../feeds/index.ts';
import { type ChosenFeed, chooseFeeds } from '../config/choose-feeds.ts';
import { type Flags as ConfigFlags, loadConfig } from '../config.ts';
import type { DemandMode, Feed, TopicMap } from '../feed/define-feed.ts';
import { demandModeOf } from '../feed/followed-demand.ts';
import { configFlags } from './config-flags.ts';
import type { Io } from './io.ts';

export function setUpFeeds(command: Command, io: Io): void {
  configFlags(command)
    .option('--json', 'print one JSON object a line')
    .addHelpText('after', examples)
    .action((flags: Flags) => listFeeds(flags, io));
}

const examples = `
Examples:
  $ tickwire feeds
  $ tickwire feeds --feed ./my-feed.ts
  $ tickwire feeds --json | jq 'select(.runs) | .name'`;

type Flags = ConfigFlags & { json?: boolean };

async function listFeeds({ json = false, ...flags }: Flags, io: Io): Promise<void> {
  const chosen = await chooseFeeds(await loadConfig({ cwd: io.cwd, env: io.env, flags }));
  const listings = [...chosen.map(listRunning), ...builtIn.filter((feed) => isIdle(feed, chosen)).map(listIdle)];
  for (const listing of listings) io.stdout.write(json ? `${JSON.stringify(listing)}\n` : `${describe(listing)}\n`);
}

type Setting = { name: string; type: string; default?: unknown; description?: string };
type Listing = {
  name: string;
  feed: string;
  runs: boolean;
  shape: string;
  demand: DemandMode;
  description: string;
  topics: { topic: string; kind: string; description?: string }[];
  settings: Setting[];
};

function isIdle(feed: Feed, chosen: readonly ChosenFeed[]): boolean {
  return !chosen.some((other) => other.feed === feed);
}

function listRunning({ name, feed, settings }: ChosenFeed): Listing {
  return { ...list(feed, feed.topicsOf(settings)), name, runs: true };
}

function listIdle(feed: Feed): Listing {
  return list(feed, feed.topics);
}

function list(feed: Feed, declared: TopicMap): Listing {
  const topics = Object.entries(declared).map(([topic, { kind = 'latest', description }]) => ({
    topic,
    kind,
    ...(description !== undefined && { description }),
  }));
  const { name, shape, description } = feed;
  const demand = demandModeOf(feed, declared);
  return { name, feed: name, runs: false, shape, demand, description, topics, settings: settingsOf(feed) };
}

/** What people may set, read off the feed's zod schema. */
function settingsOf({ config }: Feed): Setting[] {
  const schema = z.toJSONSchema(config, { io: 'input', unrepresentable: 'any' });
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    if (typeof property === 'boolean') return [];
    const { default: value, description } = property;
    const known = { ...(value !== undefined && { default: value }), ...(description !== undefined && { description }) };
    return [{ name, type: typeOf(property), ...known }];
  });
}

function typeOf({ type, anyOf = [] }: z.core.JSONSchema.BaseSchema): string {
  if (type !== undefined) return [type].flat().join(' or ');
  const types = anyOf.map((option) => (typeof option === 'boolean' ? 'any' : typeOf(option)));
  return types.length === 0 ? 'any' : [...new Set(types)].join(' or ');
}

function describe({ name, feed, runs, shape, demand, description, topics, settings }: Listing): string {
  const alias = name === feed ? '' : ` (feed ${feed})`;
  return [
    `${name}${alias}: ${runs ? 'runs' : 'does not run'}, ${shape}`,
    ...(description === '' ? [] : [`  ${description}`]),
    `  demand: ${demand}, ${whenItRuns[demand]}`,
    '  topics',
    ...aligned(topics.map((topic) => [topic.topic, topic.kind, topic.description ?? ''])),
    ...(settings.length === 0 ? [] : ['  settings']),
    ...aligned(settings.map((setting) => [setting.name, showDefault(setting), setting.description ?? ''])),
    '',
  ].join('\n');
}

const whenItRuns: Record<DemandMode, string> = {
  always: 'also while nobody listens',
  run: 'while somebody listens',
  rate: 'while somebody listens, and no faster than anybody wants',
};

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = [0, 1].map((i) => Math.max(0, ...rows.map((row) => row[i]?.length ?? 0)));
  return rows.map((row) => `    ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd());
}

function showDefault({ type, default: value }: Setting): string {
  if (value === undefined) return type;
  const text = JSON.stringify(value);
  return `${type}, ${text.length > 40 ? `${text.slice(0, 40)}…` : text}`;
}
