/** Runnable tasks, averaged over 1, 5 and 15 minutes, and counted now: running of total. */
export type Load = { l1: number; l5: number; l15: number; running: number | null; total: number | null };

/** Undefined when the text is not what /proc/loadavg holds. */
export function parseLoadavg(text: string): Load | undefined {
  const found = /^([\d.]+) ([\d.]+) ([\d.]+) (\d+)\/(\d+) /.exec(text);
  if (found === null) return undefined;
  const [l1 = 0, l5 = 0, l15 = 0, running = 0, total = 0] = found.slice(1).map(Number);
  return { l1, l5, l15, running, total };
}
