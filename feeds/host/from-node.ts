/** What Node itself tells of a machine that has no /proc. */

import { sumTimes } from './cpu-shares.ts';
import type { Machine } from './machine.ts';
import type { Load } from './proc/loadavg.ts';
import { type Memory, usedPercent } from './proc/meminfo.ts';
import type { CpuTimes } from './proc/stat.ts';

/** Named as in /proc/stat. Empty where processors may not be counted, as in some containers. */
export function timesFromNode(machine: Machine): Map<string, CpuTimes> {
  const cpus = machine.cpus();
  const each = cpus.map((cpu, i): [string, CpuTimes] => [`cpu${i}`, cpu]);
  return new Map(cpus.length > 0 ? [['cpu', sumTimes(cpus)], ...each] : []);
}

/** Undefined on Windows, which has no load average: Node says 0 there. */
export function loadFromNode(machine: Machine): Load | undefined {
  if (machine.platform === 'win32') return undefined;
  const [l1 = 0, l5 = 0, l15 = 0] = machine.loadAverages();
  return { l1, l5, l15, running: null, total: null };
}

export function memoryFromNode(machine: Machine): Memory {
  const { total, free } = machine.memory();
  const unknown = { cached: null, buffers: null, swapTotal: null, swapFree: null };
  return { total, free, available: free, ...unknown, usedPct: usedPercent(total, free) };
}
