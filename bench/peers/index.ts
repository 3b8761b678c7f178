/**
 * Tickwire and its peers side by side: same payload, same load client, taking turns, medians and spread.
 *
 *   npm run bench:peers [-- --help]
 */

import { writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { machine } from '../load/conductor/machine.ts';
import { canBind } from '../support/child.ts';
import { catalog } from './catalog/index.ts';
import type { Comparison } from './comparison.ts';
import { sides } from './experiments.ts';
import { type Flags, readFlags } from './flags.ts';
import { renderResults } from './markdown.ts';
import { missing } from './packages.ts';
import { runTournament } from './tournament.ts';

const flags = readFlags(process.argv.slice(2));
const peers = flags.peers.map((name) => catalog[name]);
const leftOut = peers.flatMap((peer) => {
  const reason = peer.kind === 'broker' ? missing(peer.program) : undefined;
  return reason === undefined ? [] : [{ ...peer, reason }];
});
for (const { title, reason } of leftOut) console.error(`LEFT OUT: ${title}: ${reason}`);
const present = peers.filter(({ name }) => leftOut.every((absent) => absent.name !== name));
const comparison = await compare(flags);
const text = renderResults(comparison);
console.log(`\n${text}`);
if (flags.isWritten) await writeFile(join('bench', 'RESULTS.md'), text);
if (flags.jsonFile !== undefined) await writeFile(flags.jsonFile, asJson(comparison));

async function compare({ rounds, seconds }: Flags): Promise<Comparison> {
  const taking = sides.filter(({ peer }) => present.some(({ name }) => name === peer));
  const versions = present.map(async ({ title, offers, version }) => ({ title, offers, version: await version() }));
  return {
    machine: machine(),
    loadAverage: loadavg()[0] ?? 0,
    versions: await Promise.all(versions),
    leftOut,
    command: `npm run bench:peers -- ${shownArgs().join(' ')}`.replace(/ -- $/, ''),
    date: new Date().toISOString(),
    rounds,
    seconds,
    isBound: canBind(),
    sides: taking,
    outcome: await runTournament(flags, taking, console.log),
  };
}

/** All but where the single runs go: that is this machine's business. */
function shownArgs(): string[] {
  return process.argv.slice(2).filter((arg, i, all) => !arg.startsWith('--json') && all[i - 1] !== '--json');
}

function asJson(comparison: Comparison): string {
  const outcome = Object.fromEntries([...comparison.outcome].map(([id, runs]) => [id, Object.fromEntries(runs)]));
  return `${JSON.stringify({ ...comparison, outcome }, null, 2)}\n`;
}
