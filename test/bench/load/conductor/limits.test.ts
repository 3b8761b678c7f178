import { expect, test } from 'vitest';
import { checkLimits, machineLimits, type Wanted } from '../../../../bench/load/conductor/limits.ts';

const own: Wanted = { target: { kind: 'own', server: {} }, connections: 1000, workers: 4 };
const there: Wanted = { ...own, target: { kind: 'url', url: 'ws://example.com' } };
const plenty = { openFiles: 1_000_000, localPorts: 28_000 };

test('a server of our own holds all connections, a load process its share of them', () => {
  expect(() => checkLimits(own, { ...plenty, openFiles: 1064 })).not.toThrow();
  expect(() => checkLimits(own, { ...plenty, openFiles: 1063 })).toThrow(
    '1000 connections need 1064 open files in the server, and this shell allows 1063: raise the limit with `ulimit -n 1064`',
  );
  expect(() => checkLimits(there, { ...plenty, openFiles: 314 })).not.toThrow();
  expect(() => checkLimits(there, { ...plenty, openFiles: 313 })).toThrow(
    'need 314 open files in a load process, and this shell allows 313: raise the limit with `ulimit -n 314`, or use more load processes',
  );
});

test('connections to one address need as many ports', () => {
  expect(() => checkLimits({ ...own, connections: 28_000 }, plenty)).not.toThrow();
  expect(() => checkLimits({ ...own, connections: 28_001 }, plenty)).toThrow('this machine has 28000');
});

test('what the system does not tell is no limit', () => {
  const unknown = { openFiles: undefined, localPorts: undefined };
  expect(() => checkLimits({ ...own, connections: 1_000_000 }, unknown)).not.toThrow();
});

test.runIf(process.platform === 'linux')('Linux tells', () => {
  const { openFiles, localPorts } = machineLimits();
  expect(openFiles).toBeGreaterThan(0);
  expect(localPorts).toBeGreaterThan(0);
});
