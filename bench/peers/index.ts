/**
 * Tickwire and its peers side by side: same payload, same load client, taking turns, medians and spread.
 *
 *   npm run bench:peers [-- --help]
 */

import { catalog } from './catalog/index.ts';
import { sides } from './experiments.ts';
import { readFlags } from './flags.ts';
import { missing } from './packages.ts';
import { runTournament } from './tournament.ts';

const flags = readFlags(process.argv.slice(2));
const absent = flags.peers.flatMap((name) => {
  const peer = catalog[name];
  const reason = peer.kind === 'broker' ? missing(peer.program) : undefined;
  return reason === undefined ? [] : [{ name, reason }];
});
for (const { reason } of absent) console.log(`LEFT OUT: ${reason}`);
const taking = sides.filter(({ peer }) => flags.peers.includes(peer) && !absent.some(({ name }) => name === peer));
const outcome = await runTournament(flags, taking, console.log);
console.log([...outcome.keys()]);
