import { expect, test } from 'vitest';
import { experimentIds } from '../../../bench/peers/experiments.ts';
import { parseFlags } from '../../../bench/peers/flags.ts';
import { peerNames } from '../../../bench/peers/peer.ts';

test('without flags everyone takes part in five rounds, and nothing is written', () => {
  expect(parseFlags([])).toEqual({
    rounds: 5,
    seconds: 3,
    peers: peerNames,
    experiments: experimentIds,
    isWritten: false,
    jsonFile: undefined,
  });
});

test('a quick run is short, unless more is asked for', () => {
  expect(parseFlags(['--quick'])).toMatchObject({ rounds: 2, seconds: 1 });
  expect(parseFlags(['--quick', '--rounds', '7'])).toMatchObject({ rounds: 7, seconds: 1 });
});

test('some peers are asked for by name', () => {
  expect(parseFlags(['--only', 'tickwire,nats', '--write']).peers).toEqual(['tickwire', 'nats']);
});

test.each([
  [['--only', 'tickwire,rabbit'], '--only must name some of', 'rabbit'],
  [['--experiments', 'turn-1,turn-2'], '--experiments must name some of', 'turn-2'],
  [['--rounds', '0'], '--rounds must be a whole number above 0', '"0"'],
  [['--seconds', 'long'], '--seconds must be a whole number above 0', '"long"'],
])('%j is refused with the flag and the value', (args, flag, value) => {
  expect(() => parseFlags(args)).toThrow(flag);
  expect(() => parseFlags(args)).toThrow(value);
});
