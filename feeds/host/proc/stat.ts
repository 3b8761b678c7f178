/** Processor time of one kind each, in whatever unit the source counts; only ratios are used. */
export type CpuTimes = {
  user: number;
  nice: number;
  system: number;
  idle: number;
  iowait: number;
  irq: number;
  softirq: number;
  steal: number;
};

/** All processors together under `cpu`, each one under `cpu0`, `cpu1`, …, in the file's order. */
export function parseStat(text: string): Map<string, CpuTimes> {
  const times = new Map<string, CpuTimes>();
  for (const line of text.split('\n')) {
    const [name = '', ...counts] = line.trim().split(/\s+/);
    if (/^cpu\d*$/.test(name)) times.set(name, cpuTimes(counts.map(Number)));
  }
  return times;
}

/** The columns after steal, guest time, are already within user and nice (proc_stat(5)). Old kernels have fewer columns. */
function cpuTimes(counts: readonly number[]): CpuTimes {
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = counts;
  return { user, nice, system, idle, iowait, irq, softirq, steal };
}
