import { z } from 'zod';
import { decimal } from '../../src/feed/index.ts';

/** Every topic of this feed. Units are those of SenML. `maxSilenceMs`: how long a reading may be overdue. */
export function hostTopics({ everyMs }: { everyMs: number }) {
  const maxSilenceMs = 5 * everyMs; // four beats missed are no hiccup any more
  return {
    'host.{name}.cpu': { schema: cpu, maxSilenceMs, description: 'Shares of processor time; they sum to 1.' },
    'host.{name}.load': { schema: load, maxSilenceMs, description: 'Load averages and running tasks.' },
    'host.{name}.memory': { schema: memory, maxSilenceMs, description: 'Memory and swap.' },
    'host.{name}.pressure': { schema: pressure, maxSilenceMs, description: 'Time lost waiting, over the last 10 s.' },
    'host.{name}.process': { schema: process, maxSilenceMs, description: 'The server process itself.' },
    'host.{name}.disk.{dev}': { schema: disk, maxSilenceMs, description: 'Traffic of one block device.' },
    'host.{name}.fs.{mount}': { schema: fileSystem, maxSilenceMs, description: 'Space on one file system.' },
    'host.{name}.net.{iface}': { schema: net, maxSilenceMs, description: 'Traffic of one network interface.' },
  } as const;
}
export type HostTopics = ReturnType<typeof hostTopics>;

const share = () => decimal(4, '/');
const percent = () => decimal(2, '%');
const count = () => z.int().nonnegative().meta({ unit: 'count' });
const bytes = () => z.int().nonnegative().meta({ unit: 'B' });
const bytesPerSecond = () => decimal(0, 'B/s');
const perSecond = () => decimal(1, '1/s');

const cpu = z.object({
  user: share(),
  system: share(),
  nice: share(),
  iowait: share(),
  irq: share(),
  softirq: share(),
  steal: share(),
  idle: share(),
  /** All but idle and iowait. */
  total: share(),
  /** `total` of each processor; null where its counters went back. */
  cores: z.array(z.number().nullable()).meta({ unit: '/' }),
});

const load = z.object({
  l1: decimal(2),
  l5: decimal(2),
  l15: decimal(2),
  running: count().nullable(),
  total: count().nullable(),
});

const memory = z.object({
  total: bytes(),
  free: bytes(),
  available: bytes(),
  cached: bytes().nullable(),
  buffers: bytes().nullable(),
  swapTotal: bytes().nullable(),
  swapFree: bytes().nullable(),
  usedPct: percent(),
});

const pressure = z.object({
  cpuSome: percent().nullable(),
  cpuFull: percent().nullable(),
  memSome: percent().nullable(),
  memFull: percent().nullable(),
  ioSome: percent().nullable(),
  ioFull: percent().nullable(),
});

const process = z.object({
  rss: bytes(),
  heapUsed: bytes(),
  /** Of one processor, so above 100 when several threads are busy. */
  cpuPct: percent(),
  eventLoopP99Ms: decimal(3, 'ms'),
  /** Spent collecting garbage since the reading before. */
  gcMs: decimal(3, 'ms'),
  handles: count(),
});

const disk = z.object({
  readBps: bytesPerSecond(),
  writeBps: bytesPerSecond(),
  readIops: perSecond(),
  writeIops: perSecond(),
  utilPct: percent(),
});

const fileSystem = z.object({
  mount: z.string(),
  size: bytes(),
  free: bytes(),
  /** Free to those who are not root. */
  avail: bytes(),
  usedPct: percent(),
  inodes: count(),
  inodesFree: count(),
});

const net = z.object({
  rxBps: bytesPerSecond(),
  txBps: bytesPerSecond(),
  rxPps: perSecond(),
  txPps: perSecond(),
  rxErr: perSecond(),
  rxDrop: perSecond(),
  txErr: perSecond(),
  txDrop: perSecond(),
});
