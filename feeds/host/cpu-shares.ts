import type { CpuTimes } from './proc/stat.ts';

export type CpuShares = CpuTimes & { total: number };

/** Each kind's part of all time gained, so that they sum to 1; `total` is all but idle and iowait. Undefined without a gain. */
export function cpuShares(gains: CpuTimes): CpuShares | undefined {
  const { user, nice, system, idle, iowait, irq, softirq, steal } = gains;
  const all = user + nice + system + idle + iowait + irq + softirq + steal;
  if (!(all > 0)) return undefined;
  return {
    user: user / all,
    nice: nice / all,
    system: system / all,
    idle: idle / all,
    iowait: iowait / all,
    irq: irq / all,
    softirq: softirq / all,
    steal: steal / all,
    total: 1 - (idle + iowait) / all,
  };
}

/** The machine's times as the sum of its processors', for systems that tell only those. */
export function sumTimes(processors: readonly CpuTimes[]): CpuTimes {
  const sum = { user: 0, nice: 0, system: 0, idle: 0, iowait: 0, irq: 0, softirq: 0, steal: 0 };
  for (const times of processors) {
    sum.user += times.user;
    sum.nice += times.nice;
    sum.system += times.system;
    sum.idle += times.idle;
    sum.iowait += times.iowait;
    sum.irq += times.irq;
    sum.softirq += times.softirq;
    sum.steal += times.steal;
  }
  return sum;
}
