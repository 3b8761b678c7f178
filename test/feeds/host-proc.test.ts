import { expect, test } from 'vitest';
import { parseDiskstats } from '../../feeds/host/proc/diskstats.ts';
import { parseLoadavg } from '../../feeds/host/proc/loadavg.ts';
import { parseMeminfo } from '../../feeds/host/proc/meminfo.ts';
import { parseMounts } from '../../feeds/host/proc/mounts.ts';
import { parseNetDev } from '../../feeds/host/proc/net-dev.ts';
import { parsePressure } from '../../feeds/host/proc/pressure.ts';
import { parseStat } from '../../feeds/host/proc/stat.ts';

test('stat: the machine and each processor, guest time left within user', () => {
  const text = `cpu  5671 7 3189 406308 236 3 65 1529 100 0
cpu0 2233 0 1454 204012 30 0 19 757 100 0
cpu1 3438 7 1735 202296 206 3 46 772 0 0
intr 213566 0 0
ctxt 1990473
btime 1062191376
`;
  expect([...parseStat(text).keys()]).toEqual(['cpu', 'cpu0', 'cpu1']);
  expect(parseStat(text).get('cpu')).toEqual({
    user: 5671,
    nice: 7,
    system: 3189,
    idle: 406308,
    iowait: 236,
    irq: 3,
    softirq: 65,
    steal: 1529,
  });
});

test('stat: the short lines of an old kernel read as zeros, odd text as nothing', () => {
  expect(parseStat('cpu 1 2 3 4\n').get('cpu')).toMatchObject({ idle: 4, iowait: 0, steal: 0 });
  expect(parseStat('').size).toBe(0);
});

test('loadavg: three averages, running and total tasks', () => {
  expect(parseLoadavg('0.20 1.18 12.05 1/293 5452\n')).toEqual({
    l1: 0.2,
    l5: 1.18,
    l15: 12.05,
    running: 1,
    total: 293,
  });
  expect(parseLoadavg('soon')).toBeUndefined();
});

test('meminfo: bytes, and used is what is not available', () => {
  const text = `MemTotal:       1000 kB
MemFree:         100 kB
MemAvailable:    250 kB
Buffers:          10 kB
Cached:          120 kB
SwapTotal:        64 kB
SwapFree:         32 kB
HugePages_Total:       0
`;
  expect(parseMeminfo(text)).toEqual({
    total: 1_024_000,
    free: 102_400,
    available: 256_000,
    cached: 122_880,
    buffers: 10_240,
    swapTotal: 65_536,
    swapFree: 32_768,
    usedPct: 75,
  });
});

test('meminfo: a kernel that does not say what is available leaves free, buffers and cache', () => {
  const text = 'MemTotal: 100 kB\nMemFree: 10 kB\nBuffers: 5 kB\nCached: 25 kB\n';
  expect(parseMeminfo(text)).toMatchObject({ available: 40 * 1024, usedPct: 60 });
  expect(parseMeminfo('')).toBeUndefined();
});

test('pressure: the ten-second averages, null for a line that an older kernel lacks', () => {
  const some = 'some avg10=1.53 avg60=0.61 avg300=0.29 total=10440663\n';
  expect(parsePressure(`${some}full avg10=0.25 avg60=0.00 avg300=0.00 total=0\n`)).toEqual({ some: 1.53, full: 0.25 });
  expect(parsePressure(some)).toEqual({ some: 1.53, full: null });
});

test('diskstats: whole devices in bytes; no loop, RAM or optical devices, no partitions', () => {
  const line = '14013 5725 2017274 15824 1711 9766 1655344 6099 0 3948 22254 3108 30 39368 329 4 0';
  const names =
    'loop0 ram1 zram0 sr0 sda sda1 sdaa vda vda15 xvda xvda1 nvme0n1 nvme0n1p2 mmcblk0 mmcblk0p1 dm-0 md127';
  const text = names.replace(/(\S+) ?/g, `   8       0 $1 ${line}\n`);

  const disks = parseDiskstats(text);

  expect([...disks.keys()]).toEqual(['sda', 'sdaa', 'vda', 'xvda', 'nvme0n1', 'mmcblk0', 'dm-0', 'md127']);
  expect(disks.get('sda')).toEqual({
    reads: 14013,
    readBytes: 2017274 * 512,
    writes: 1711,
    writtenBytes: 1655344 * 512,
    busyMs: 3948,
  });
});

test('net/dev: eight columns in, eight out, also where the name touches the first number', () => {
  const text = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:    3193      29    0    0    0     0          0         0     3193      29    0    0    0     0       0          0
eth0.7:255850777    5611    1    2    0     0          0         0   359141    3350    3    4    0     0       0          0
`;
  const interfaces = parseNetDev(text);
  expect([...interfaces.keys()]).toEqual(['lo', 'eth0.7']);
  expect(interfaces.get('eth0.7')).toEqual({
    rxBytes: 255850777,
    rxPackets: 5611,
    rxErrors: 1,
    rxDrops: 2,
    txBytes: 359141,
    txPackets: 3350,
    txErrors: 3,
    txDrops: 4,
  });
});

test('mounts: devices once, blanks unescaped; nothing the kernel makes up or keeps in memory', () => {
  const text = String.raw`proc /proc proc rw 0 0
tmpfs /dev/shm tmpfs rw 0 0
cgroup2 /sys/fs/cgroup cgroup2 rw 0 0
/dev/vda / ext4 rw 0 0
/dev/vda /etc/hosts ext4 rw 0 0
/dev/loop3 /snap/core squashfs ro 0 0
overlay /var/lib/docker/overlay2/x/merged overlay rw 0 0
/dev/sdb1 /mnt/my\040disk xfs rw 0 0
nas:/home /home nfs4 rw 0 0
`;
  expect(parseMounts(text)).toEqual([
    { device: '/dev/vda', path: '/', type: 'ext4' },
    { device: '/dev/sdb1', path: '/mnt/my disk', type: 'xfs' },
    { device: 'nas:/home', path: '/home', type: 'nfs4' },
  ]);
});

test('mounts: the overlay that is a container’s own root counts', () => {
  expect(parseMounts('overlay / overlay rw 0 0\n')).toHaveLength(1);
});
