import { expect, test } from 'vitest';
import { totalUse, type Used, UseMeter, useOf } from '../../../bench/load/process-use.ts';

test('the first lap only begins; what was used before it does not count', async () => {
  const readings: Used[] = [
    { cpuSec: 100, rssBytes: 9_000 },
    { cpuSec: 100.2, rssBytes: 2_000 },
    { cpuSec: 100.5, rssBytes: 1_000 },
  ];
  const meter = new UseMeter(async () => readings.shift());
  expect(await meter.lap()).toBeUndefined();
  expect(meter.total()).toBeUndefined();
  expect(await meter.lap()).toBeGreaterThan(0);
  await meter.lap();
  expect(meter.total()).toMatchObject({ cpuSec: expect.closeTo(0.5), rssBytes: 2_000 });
});

test('what cannot be known stays unknown', async () => {
  const meter = new UseMeter(async () => undefined);
  expect(await meter.lap()).toBeUndefined();
  expect(await meter.lap()).toBeUndefined();
  expect(meter.total()).toBeUndefined();
  expect(useOf(2 ** 30)).toBeUndefined();
});

test('shares are of the time that laps took, the peak is that of the fullest', () => {
  const laps = [
    { cpuSec: 0.5, seconds: 1 },
    { cpuSec: 0.5, seconds: 0.5 },
    { cpuSec: 0, seconds: 0.5 },
  ];
  expect(totalUse(laps, 7)).toEqual({ cpuSec: 1, cpuShare: 0.5, cpuSharePeak: 1, rssBytes: 7 });
});

test.runIf(process.platform === 'linux')('Linux tells of any process', () => {
  const used = useOf(process.pid);
  const { user, system } = process.cpuUsage();
  expect(used?.cpuSec).toBeGreaterThan(0);
  expect(used?.cpuSec).toBeLessThanOrEqual((user + system) / 1e6 + 0.02); // told in hundredths
  expect(used?.rssBytes).toBeGreaterThan(1_000_000);
});
