import type { Command } from 'commander';
import { z } from 'zod';
import type { Io } from '../io.ts';
import { printable } from '../printable.ts';
import { type RunningFeed, runningFeed } from '../running-feed.ts';
import { showCount } from '../show.ts';
import { table } from '../table.ts';
import { type AdminFlags, adminFlags, askAsAdmin } from './asking.ts';

export function setUpFeedControl(command: Command, io: Io): void {
  adminFlags(command.command('feeds'))
    .description('list the feeds and how they are')
    .action((flags: AdminFlags) => list(flags, io));
  for (const [name, description] of switches) {
    adminFlags(command.command(name))
      .description(description)
      .argument('<feed>', 'its name, as "feeds" lists it')
      .action((feed: string, flags: AdminFlags) => set(name, feed, flags, io));
  }
}

const switches = [
  ['pause', 'stop a feed from publishing, until it is resumed or the server started anew'],
  ['resume', 'let a paused feed go on'],
] as const;

async function list({ url, json }: AdminFlags, io: Io): Promise<void> {
  const { feeds } = await askAsAdmin('feeds', z.object({ feeds: z.array(runningFeed) }), { url, io });
  if (json === true) io.stdout.write(feeds.map((one) => `${JSON.stringify(one)}\n`).join(''));
  else if (feeds.length === 0) io.stdout.write('no feed runs\n');
  else io.stdout.write(table(headings, feeds.map(asRow)));
}

async function set(what: 'pause' | 'resume', name: string, { url, json }: AdminFlags, io: Io): Promise<void> {
  const path = `feeds/${encodeURIComponent(name)}/${what}`;
  const answer = await askAsAdmin(path, z.object({ feed: runningFeed }), { method: 'POST', url, io });
  if (json === true) io.stdout.write(`${JSON.stringify(answer.feed)}\n`);
  else io.stdout.write(`${printable(answer.feed.name)} is ${printable(answer.feed.status)}\n`);
}

const headings = [
  'FEED',
  'STATUS',
  'ACTIVITY',
  'REQUIRED',
  'TICKS',
  'PUBLISHED',
  'REJECTED',
  'ERRORS',
  'RESTARTS',
  'WHY',
];

function asRow({
  name,
  status,
  activity,
  isRequired,
  text,
  ticks,
  published,
  rejected,
  errors,
  restarts,
}: RunningFeed) {
  const counts = [ticks, published, rejected, errors, restarts].map(showCount);
  const words = [name, status, activity, isRequired ? 'yes' : 'no'];
  return [...words.map(printable), ...counts, printable(text ?? '')];
}
