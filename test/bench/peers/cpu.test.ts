import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { cpuSecOf, rssBytesOf } from '../../../bench/peers/cpu.ts';

test.skipIf(process.platform !== 'linux')('CPU time is what a process and its children have used', async () => {
  const busy = `const until = process.hrtime.bigint() + 200_000_000n; while (process.cpuUsage().user < 100_000 || process.hrtime.bigint() < until); console.log('done'); setInterval(() => {}, 1000)`;
  const shell = spawn('sh', ['-c', `"${process.execPath}" -e "${busy}"; true`], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  try {
    await once(shell.stdout, 'data');
    expect(cpuSecOf(shell.pid ?? 0)).toBeGreaterThan(0.1);
    expect(rssBytesOf(shell.pid ?? 0)).toBeGreaterThan(10e6);
  } finally {
    process.kill(-(shell.pid ?? 0), 'SIGKILL');
  }
});

test('a process that is not there has used nothing', () => {
  expect(cpuSecOf(2 ** 30)).toBe(0);
  expect(rssBytesOf(2 ** 30)).toBe(0);
});
