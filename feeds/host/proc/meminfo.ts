/** Bytes, and the share in use in percent; what a system does not tell is null. */
export type Memory = {
  total: number;
  free: number;
  available: number;
  cached: number | null;
  buffers: number | null;
  swapTotal: number | null;
  swapFree: number | null;
  usedPct: number;
};

/** Undefined when the text does not even tell the total. */
export function parseMeminfo(text: string): Memory | undefined {
  const bytes = new Map<string, number>();
  for (const [, name = '', kib] of text.matchAll(/^(\w+):\s+(\d+) kB$/gm)) bytes.set(name, Number(kib) * 1024);
  const of = (name: string) => bytes.get(name) ?? 0;
  const total = of('MemTotal');
  if (total === 0) return undefined;
  // Kernels before 3.14 have no MemAvailable; this sum is what free(1) showed then.
  const available = bytes.get('MemAvailable') ?? of('MemFree') + of('Buffers') + of('Cached');
  return {
    total,
    free: of('MemFree'),
    available,
    cached: of('Cached'),
    buffers: of('Buffers'),
    swapTotal: of('SwapTotal'),
    swapFree: of('SwapFree'),
    usedPct: usedPercent(total, available),
  };
}

/** What cannot be had any more, in percent of all. */
export function usedPercent(total: number, available: number): number {
  return total > 0 ? (100 * (total - available)) / total : 0;
}
