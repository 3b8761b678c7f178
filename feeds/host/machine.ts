import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import os from 'node:os';
import type { CpuTimes } from './proc/stat.ts';
import { type ProcessMeter, startProcessMeter } from './process-meter.ts';

/** The blocks and inodes of a file system, as statfs(2) tells them. */
export type Space = { bsize: number; blocks: number; bfree: number; bavail: number; files: number; ffree: number };

/** The little of an operating system that this feed reads; tests hand in an object literal. */
export type Machine = {
  readonly platform: string;
  hostname(): string;
  /** Milliseconds that never go back. */
  nowMs(): number;
  /** The text of a small file, undefined where there is none or the kernel will not give it. */
  read(path: string): string | undefined;
  statfs(path: string): Promise<Space>;
  cpus(): CpuTimes[];
  loadAverages(): number[];
  memory(): { total: number; free: number };
  startProcessMeter(): ProcessMeter;
};

/** The machine this process runs on. Files under /proc never touch a disk, so they are read at once: some 20 µs each. */
export const thisMachine: Machine = {
  platform: process.platform,
  hostname: os.hostname,
  nowMs: () => performance.now(),
  read: readIfThere,
  statfs: (path) => statfs(path),
  cpus: () => os.cpus().map(({ times }) => cpuTimes(times)),
  loadAverages: os.loadavg,
  memory: () => ({ total: os.totalmem(), free: os.freemem() }),
  startProcessMeter,
};

/** Node tells five kinds of time on every system. */
function cpuTimes({ user, nice, sys, idle, irq }: os.CpuInfo['times']): CpuTimes {
  return { user, nice, system: sys, idle, iowait: 0, irq, softirq: 0, steal: 0 };
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // each source is optional; the caller reports once what is missing
  }
}
