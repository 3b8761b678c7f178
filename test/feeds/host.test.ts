import { expect, test } from 'vitest';
import { createHost, host } from '../../feeds/host/index.ts';
import type { Machine } from '../../feeds/host/machine.ts';
import type { FeedContext } from '../../src/feed/index.ts';

test('on the first beat gauges are published, and no rates', async () => {
  const { beat } = await start(linux());
  expect((await beat()).map(({ topic }) => topic)).toEqual([
    'host.box.load',
    'host.box.memory',
    'host.box.pressure',
    'host.box.fs.root',
  ]);
});

test('from the second beat on there are rates too, by the machine’s own clock', async () => {
  const machine = linux();
  const { beat } = await start(machine);
  await beat();
  machine.files['/proc/stat'] = 'cpu 130 0 120 140 110 0 0 0\ncpu0 130 0 120 140 110 0 0 0\n';
  machine.files['/proc/diskstats'] = ' 254 0 vda 120 0 2100 0 210 0 4100 0 0 1500 0\n';
  machine.files['/proc/net/dev'] = ' eth0.1: 3000 30 2 4 0 0 0 0 5000 50 6 8 0 0 0 0\n';
  machine.ms += 2000;

  const readings = Object.fromEntries((await beat()).map(({ topic, data }) => [topic, data]));

  expect(readings['host.box.cpu']).toMatchObject({ user: 0.3, system: 0.2, idle: 0.4, iowait: 0.1, cores: [0.5] });
  expect(readings['host.box.disk.vda']).toEqual({
    readBps: 25_600,
    writeBps: 25_600,
    readIops: 10,
    writeIops: 5,
    utilPct: 25,
  });
  expect(readings['host.box.net.eth0-1']).toEqual({
    rxBps: 1000,
    txBps: 2000,
    rxPps: 10,
    txPps: 20,
    rxErr: 1,
    rxDrop: 2,
    txErr: 3,
    txDrop: 4,
  });
  expect(readings['host.box.process']).toMatchObject({ handles: 3 });
});

test('a counter that went back leaves its own topic out for that interval', async () => {
  const machine = linux();
  const { beat } = await start(machine);
  await beat();
  machine.files['/proc/net/dev'] = ' eth0.1: 1 1 0 0 0 0 0 0 1 1 0 0 0 0 0 0\n';
  machine.ms += 1000;

  const topics = (await beat()).map(({ topic }) => topic);

  expect(topics).toContain('host.box.disk.vda');
  expect(topics).not.toContain('host.box.net.eth0-1');
});

test('space is reckoned as df does, with what root keeps for itself neither used nor available', async () => {
  const { beat } = await start(linux(), ['fs']);
  expect(await beat()).toEqual([
    {
      topic: 'host.box.fs.root',
      data: {
        mount: '/',
        size: 409_600,
        free: 204_800,
        avail: 102_400,
        usedPct: (100 * 50) / 75,
        inodes: 10,
        inodesFree: 9,
      },
    },
  ]);
});

test('a source that is not there publishes nothing and is reported once', async () => {
  const machine = linux();
  for (const file of ['cpu', 'memory', 'io']) delete machine.files[`/proc/pressure/${file}`];
  const { beat, logged } = await start(machine);
  await beat();
  expect((await beat()).map(({ topic }) => topic)).not.toContain('host.box.pressure');
  expect(logged).toEqual(['debug: host: source "pressure" is not there on this machine']);
});

test('a source that fails is reported once and takes no other with it', async () => {
  const machine = linux();
  machine.read = (path) => {
    if (path === '/proc/loadavg') throw new Error('EIO');
    return machine.files[path];
  };
  const { beat, logged } = await start(machine, ['load', 'memory']);
  await beat();
  expect((await beat()).map(({ topic }) => topic)).toEqual(['host.box.memory']);
  expect(logged).toEqual(['warn: host: source "load" failed: EIO']);
});

test('only the sources asked for are read', async () => {
  const { beat } = await start(linux(), ['load']);
  expect(await beat()).toEqual([{ topic: 'host.box.load', data: { l1: 1, l5: 2, l15: 3, running: 4, total: 5 } }]);
});

test('a machine without /proc tells what Node knows, and nothing it does not', async () => {
  const machine = linux('darwin');
  const { beat } = await start(machine);
  const first = await beat();
  expect(first).toEqual([
    { topic: 'host.box.load', data: { l1: 1, l5: 2, l15: 3, running: null, total: null } },
    {
      topic: 'host.box.memory',
      data: expect.objectContaining({ total: 200, available: 50, cached: null, usedPct: 75 }),
    },
  ]);
  machine.cpus = () => [{ user: 2, nice: 0, system: 0, idle: 2, iowait: 0, irq: 0, softirq: 0, steal: 0 }];
  machine.ms += 1000;
  expect(await beat()).toContainEqual({
    topic: 'host.box.cpu',
    data: expect.objectContaining({ user: 0.25, idle: 0.75, cores: [0.25] }),
  });
});

test('the name is the slug of the host name unless given, and nothing that would break a topic', () => {
  const feed = createHost({ ...linux(), hostname: () => 'büro 1.example.com' });
  expect(feed.config.parse({})).toMatchObject({ name: 'b-ro-1-example-com', everyMs: 1000 });
  expect(feed.config.safeParse({ name: 'a.b' }).success).toBe(false);
  expect(feed.config.safeParse({ everyMs: 1 }).success).toBe(false);
  expect(feed.config.safeParse({ sources: ['gpu'] }).success).toBe(false);
});

test('a topic is overdue after five beats', () => {
  expect(host.topicsOf(host.config.parse({ everyMs: 2000 }))['host.{name}.cpu']?.maxSilenceMs).toBe(10_000);
});

test.runIf(process.platform === 'linux')('this very machine: shares sum to 1, everything fits its schema', async () => {
  const { beat, stop } = await startFeed(host, { name: 'here' });
  const first = await beat();
  expect(first.map(({ topic }) => topic)).not.toContain('host.here.cpu');
  expect(first.map(({ topic }) => topic)).toContain('host.here.memory');
  await busyUntilTicks(5);
  const second = await beat();
  stop();

  const cpu = second.find(({ topic }) => topic === 'host.here.cpu')?.data as Record<string, number>;
  const { user, nice, system, idle, iowait, irq, softirq, steal } = cpu as Record<string, number>;
  const sum = [user, nice, system, idle, iowait, irq, softirq, steal].reduce((all = 0, part = 0) => all + part, 0);
  expect(sum).toBeCloseTo(1, 2);
  expect(cpu.total).toBeGreaterThan(0.2);
  expect(second.map(({ topic }) => topic)).toContain('host.here.process');
  for (const { topic, data } of [...first, ...second]) {
    const [, , kind, detail] = topic.split('.');
    const pattern = detail === undefined ? `host.{name}.${kind}` : `host.{name}.${kind}.{${details[kind ?? '']}}`;
    expect(host.topics[pattern]?.schema.safeParse(data).error, topic).toBeUndefined();
  }
});

const details: Record<string, string> = { disk: 'dev', fs: 'mount', net: 'iface' };

/** The kernel counts in hundredths of a second; some of them must pass for a share to mean anything. */
async function busyUntilTicks(ticks: number): Promise<void> {
  const start = performance.now();
  while (performance.now() - start < ticks * 50) Math.sqrt(start);
}

type LiteralMachine = Machine & { files: Record<string, string>; ms: number };

function linux(platform = 'linux'): LiteralMachine {
  const machine: LiteralMachine = {
    platform,
    files: {
      '/proc/stat': 'cpu 100 0 100 100 100 0 0 0\ncpu0 100 0 100 100 100 0 0 0\n',
      '/proc/loadavg': '1.0 2.0 3.0 4/5 6\n',
      '/proc/meminfo': 'MemTotal: 100 kB\nMemAvailable: 25 kB\n',
      '/proc/pressure/cpu': 'some avg10=1.00 avg60=0 avg300=0 total=0\n',
      '/proc/pressure/memory': 'some avg10=2.00 avg60=0 avg300=0 total=0\n',
      '/proc/pressure/io': 'some avg10=3.00 avg60=0 avg300=0 total=0\n',
      '/proc/diskstats': ' 254 0 vda 100 0 2000 0 200 0 4000 0 0 1000 0\n',
      '/proc/net/dev': ' eth0.1: 1000 10 0 0 0 0 0 0 1000 10 0 0 0 0 0 0\n',
      '/proc/mounts': '/dev/vda / ext4 rw 0 0\n',
    },
    ms: 5000,
    hostname: () => 'box',
    nowMs: () => machine.ms,
    read: (path) => machine.files[path],
    statfs: async () => ({ bsize: 4096, blocks: 100, bfree: 50, bavail: 25, files: 10, ffree: 9 }),
    cpus: () => [{ user: 1, nice: 0, system: 0, idle: -1, iowait: 0, irq: 0, softirq: 0, steal: 0 }],
    loadAverages: () => [1, 2, 3],
    memory: () => ({ total: 200, free: 50 }),
    startProcessMeter: () => {
      let reads = 0;
      const reading = { rss: 1, heapUsed: 1, cpuPct: 1, eventLoopP99Ms: 1, gcMs: 1, handles: 3 };
      return { read: () => (reads++ === 0 ? undefined : reading), stop: () => {} };
    },
  };
  return machine;
}

function start(machine: Machine, sources?: string[]) {
  return startFeed(createHost(machine), sources === undefined ? {} : { sources });
}

async function startFeed(feed: typeof host, options: object) {
  const published: { topic: string; data: unknown }[] = [];
  const logged: string[] = [];
  const log = (level: string) => (message: string) => logged.push(`${level}: ${message}`);
  const stopping = new AbortController();
  const context = {
    config: feed.config.parse(options),
    publish: (topic: string, data: unknown) => published.push({ topic, data }),
    signal: stopping.signal,
    log: { debug: log('debug'), warn: log('warn') },
  } as unknown as FeedContext;
  const state = await feed.setup(context);
  const beat = async () => {
    await feed.tick(context, state);
    return published.splice(0);
  };
  return { beat, logged, stop: () => stopping.abort() };
}
