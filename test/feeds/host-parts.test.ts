import { expect, test } from 'vitest';
import { Counters } from '../../feeds/host/counters.ts';
import { cpuShares } from '../../feeds/host/cpu-shares.ts';
import { startProcessMeter } from '../../feeds/host/process-meter.ts';
import { slugs } from '../../feeds/host/slugs.ts';
import { Spaces } from '../../feeds/host/spaces.ts';

const sample = (values: Record<string, number>) => new Map(Object.entries(values).map(([name, n]) => [name, { n }]));

test('counters: the first sample of a name makes no rate, the second one does', () => {
  const counters = new Counters<{ n: number }>();
  expect(counters.rates(sample({ a: 100 }), 1000).size).toBe(0);
  expect(counters.rates(sample({ a: 110, b: 5 }), 3000)).toEqual(sample({ a: 5 }));
  expect(counters.rates(sample({ a: 110, b: 7 }), 4000)).toEqual(sample({ a: 0, b: 2 }));
});

test('counters: one that went back skips that interval and no other', () => {
  const counters = new Counters<{ n: number }>();
  counters.rates(sample({ a: 100, b: 1 }), 1000);
  expect(counters.rates(sample({ a: 3, b: 2 }), 2000)).toEqual(sample({ b: 1 }));
  expect(counters.rates(sample({ a: 7, b: 2 }), 3000)).toEqual(sample({ a: 4, b: 0 }));
});

test('counters: a name that was away starts anew', () => {
  const counters = new Counters<{ n: number }>();
  counters.rates(sample({ a: 1 }), 1000);
  counters.rates(sample({}), 2000);
  expect(counters.rates(sample({ a: 9 }), 3000).size).toBe(0);
});

test('cpu shares sum to 1 and total is what was neither idle nor waiting', () => {
  const gains = { user: 30, nice: 5, system: 20, idle: 25, iowait: 15, irq: 1, softirq: 2, steal: 2 };
  const shares = cpuShares(gains);
  expect(shares).toMatchObject({ user: 0.3, idle: 0.25, iowait: 0.15 });
  expect(shares?.total).toBeCloseTo(0.6, 12);
  expect(
    cpuShares({ ...gains, user: 0, nice: 0, system: 0, idle: 0, iowait: 0, irq: 0, softirq: 0, steal: 0 }),
  ).toBeUndefined();
});

test('slugs: one segment a name, told apart where two would be the same', () => {
  const names = ['/', '/root', '/mnt/my disk', '/mnt/my-disk', '***'];
  expect([...slugs(names).values()]).toEqual(['root', 'root-2', 'mnt-my-disk', 'mnt-my-disk-2', 'unnamed']);
});

const space = { bsize: 1, blocks: 1, bfree: 1, bavail: 1, files: 1, ffree: 1 };

test('a file system that hangs is not asked again before it has answered, and holds up nobody for long', async () => {
  let asked = 0;
  let answer = () => {};
  const spaces = new Spaces((path) => {
    if (path === '/fine') return Promise.resolve(space);
    asked++;
    return new Promise((resolve) => {
      answer = () => resolve(space);
    });
  });

  expect(await spaces.of('/lost')).toBeUndefined();
  expect(await spaces.of('/lost')).toBeUndefined();
  expect(asked).toBe(1);
  expect(await spaces.of('/fine')).toEqual(space);

  answer();
  await new Promise(setImmediate);
  const again = spaces.of('/lost');
  expect(asked).toBe(2);
  answer();
  expect(await again).toEqual(space);
});

test('when two file systems hang, no third one may take a thread', async () => {
  const asked: string[] = [];
  const spaces = new Spaces((path) => {
    asked.push(path);
    return new Promise(() => {});
  });
  await Promise.all(['/a', '/b', '/c'].map((path) => spaces.of(path)));
  expect(asked).toEqual(['/a', '/b']);
});

test('a file system that may not be asked has no reading', async () => {
  const spaces = new Spaces(() => Promise.reject(new Error('EACCES')));
  expect(await spaces.of('/secret')).toBeUndefined();
});

test('the process meter reads nothing at first, then what was used since', () => {
  const meter = startProcessMeter();
  try {
    expect(meter.read(performance.now())).toBeUndefined();
    const start = performance.now();
    while (performance.now() - start < 60) Math.sqrt(start);
    const reading = meter.read(performance.now());
    expect(reading?.cpuPct).toBeGreaterThan(20);
    expect(reading?.rss).toBeGreaterThan(10_000_000);
    expect(reading?.eventLoopP99Ms).toBeGreaterThanOrEqual(0);
  } finally {
    meter.stop();
  }
});
