/**
 * Subscribers that stop reading, or read slowly, among many that don't: what the others notice, what the server pays,
 * and whether those who stalled are told of everything. Latency runs from when a publication was due to when it was
 * read, for every tenth of the healthy. Exits 1 when something is broken that no busy machine can be the reason for.
 *
 *   npm run bench:stalls [-- --help]
 */

import { canBind } from '../support/child.ts';
import { type Line, printTable } from '../support/table.ts';
import { readFlags } from './flags.ts';
import { type House, openHouse } from './house.ts';
import { broken, judge, line } from './judge.ts';
import { runRound, sleep, untilAllServed } from './round.ts';

const warmUpSec = 15;
const flags = readFlags(process.argv.slice(2));
const { subscribers, stalled, topics, turnsPerSec, payloadBytes, seconds, rounds } = flags;
console.log(
  `${subscribers} subscribers × ${topics * turnsPerSec} msg/s of ${payloadBytes} bytes (${topics} topics, ${turnsPerSec} turns a second); ${stalled} stall for ${seconds} s, ${rounds} rounds; ${canBind() ? 'server on core 0, subscribers on core 1' : 'no cores of their own'}`,
);
const house = await openHouse(flags);
const lines: Line[] = [];
try {
  await house.server({ do: 'publish' });
  await sleep(10_000); // until the server's heap and the code are warm
  for (const scenario of flags.scenarios) {
    const bytesPerSec = scenario === 'frozen' ? 0 : flags.slowBytesPerSec;
    console.log(`${scenario}, to warm up`); // what laggards need for the first time is no growth for each
    await runRound(house, Math.min(warmUpSec, seconds), bytesPerSec);
    const results = [];
    for (let round = 1; round <= rounds; round++) {
      console.log(`${scenario}, round ${round}`);
      results.push(await runRound(house, seconds, bytesPerSec));
    }
    lines.push(...judge(scenario, flags, results));
  }
  lines.push(...(await judgeEnd(house)));
} finally {
  await house.stop();
}
printTable(lines);
process.exitCode = lines.some(({ verdict }) => verdict === 'BROKEN') ? 1 : 0;

/** When nothing is published any more and everything is told. */
async function judgeEnd(house: House): Promise<Line[]> {
  await house.server({ do: 'hush' });
  await sleep(1000);
  const isServed = (await untilAllServed(house)) !== undefined;
  await sleep(1000);
  const { seqs, sessions } = await house.server({ do: 'look' });
  const { accounts } = await house.laggards({ do: 'look' });
  const { leastBytes, mostBytes, closed } = await house.healthy({ do: 'look' });
  const elsewhere = accounts.filter(({ topic, last }) => last !== seqs[topic]);
  const say = (what: string, measured: string, limit: string, isBroken: boolean) =>
    line(`in the end: ${what}`, measured, limit, broken(isBroken));
  return [
    say(
      'laggards not at the newest of a topic',
      `${elsewhere.length} of ${accounts.length}`,
      '0',
      elsewhere.length > 0,
    ),
    say('everyone is served everything', isServed ? 'yes' : 'no', 'yes', !isServed),
    say('bytes of the healthy, least / most', `${leastBytes} / ${mostBytes}`, 'equal', leastBytes !== mostBytes),
    say('healthy connections closed', `${closed}`, '0', closed > 0),
    say('connections', `${sessions}`, `${subscribers}`, sessions !== subscribers),
  ];
}
