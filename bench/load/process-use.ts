/** CPU and memory of processes, taken once a lap. */

import { readFileSync } from 'node:fs';
import { sharedMicros } from '../support/shared-clock.ts';
import { sum } from '../support/statistics.ts';
import type { ProcessUse } from './report.ts';

/** Of a process since it began. */
export type Used = { readonly cpuSec: number; readonly rssBytes: number };

export function ownUse(): Used {
  const { user, system } = process.cpuUsage();
  return { cpuSec: (user + system) / 1e6, rssBytes: process.memoryUsage.rss() };
}

const ticksPerSec = 100; // what Linux tells programs, whatever the kernel counts by
const pageBytes = 4096;

/** Without disturbing it; undefined where there is no such process, or the system does not tell. */
export function useOf(pid: number): Used | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // the name before it may hold anything
    const [userTicks, systemTicks, pages] = [fields[11], fields[12], fields[21]].map(Number);
    if (userTicks === undefined || systemTicks === undefined || pages === undefined) return undefined;
    return { cpuSec: (userTicks + systemTicks) / ticksPerSec, rssBytes: pages * pageBytes };
  } catch {
    return undefined; // gone, or not Linux
  }
}

/** Adds up one process's use over a window of laps. */
export class UseMeter {
  readonly #read: () => Promise<Used | undefined>;
  #last: { readonly used: Used; readonly atMicros: number } | undefined;
  readonly #laps: { readonly cpuSec: number; readonly seconds: number }[] = [];
  #rssBytes = 0;

  constructor(read: () => Promise<Used | undefined>) {
    this.#read = read;
  }

  /** The first call begins the first lap; each other one ends a lap and gives its share of one core. */
  async lap(): Promise<number | undefined> {
    const used = await this.#read();
    if (used === undefined) return undefined;
    const now = { used, atMicros: sharedMicros() };
    const before = this.#last;
    this.#last = now;
    if (before === undefined) return undefined;
    const seconds = (now.atMicros - before.atMicros) / 1e6;
    const cpuSec = used.cpuSec - before.used.cpuSec;
    this.#laps.push({ cpuSec, seconds });
    this.#rssBytes = Math.max(this.#rssBytes, used.rssBytes);
    return cpuSec / seconds;
  }

  /** Of all laps; `rssBytes` as it was at the most. Undefined when nothing could be known. */
  total(): ProcessUse | undefined {
    if (this.#laps.length === 0) return undefined;
    return totalUse(this.#laps, this.#rssBytes);
  }
}

/** Of one process over laps of `seconds` each. */
export function totalUse(
  laps: readonly { readonly cpuSec: number; readonly seconds: number }[],
  rssBytes: number,
): ProcessUse {
  const cpuSec = sum(laps, (lap) => lap.cpuSec);
  const seconds = sum(laps, (lap) => lap.seconds);
  const cpuSharePeak = Math.max(...laps.map((lap) => lap.cpuSec / lap.seconds));
  return { cpuSec, cpuShare: cpuSec / seconds, cpuSharePeak, rssBytes };
}
