import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks';

/** What this process used since the reading before. */
export type ProcessReading = {
  rss: number;
  heapUsed: number;
  cpuPct: number;
  eventLoopP99Ms: number;
  gcMs: number;
  handles: number;
};

/** The first `read` gives nothing: it only starts the interval. `stop` frees the timer and the observer behind it. */
export type ProcessMeter = { read(nowMs: number): ProcessReading | undefined; stop(): void };

const resolutionMs = 20; // 50 wake-ups a second cost nothing that can be measured

/** Watches this process until stopped. */
export function startProcessMeter(): ProcessMeter {
  const loopDelay = monitorEventLoopDelay({ resolution: resolutionMs });
  loopDelay.enable();
  let gcMs = 0;
  const collections = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) gcMs += duration;
  });
  collections.observe({ entryTypes: ['gc'] });
  let before: { ms: number; cpu: NodeJS.CpuUsage } | undefined;

  const read = (nowMs: number) => {
    const cpu = process.cpuUsage();
    const reading = before && { ...memory(), cpuPct: cpuPercent(before.cpu, cpu, nowMs - before.ms), gcMs };
    // The monitor counts the whole time between two of its beats, so the beat itself is taken off.
    const eventLoopP99Ms = Math.max(0, loopDelay.percentile(99) / 1e6 - resolutionMs);
    before = { ms: nowMs, cpu };
    gcMs = 0;
    loopDelay.reset();
    return reading && { ...reading, eventLoopP99Ms, handles: process.getActiveResourcesInfo().length };
  };
  const stop = () => {
    loopDelay.disable();
    collections.disconnect();
  };
  return { read, stop };
}

function memory(): { rss: number; heapUsed: number } {
  const { rss, heapUsed } = process.memoryUsage();
  return { rss, heapUsed };
}

function cpuPercent(before: NodeJS.CpuUsage, after: NodeJS.CpuUsage, elapsedMs: number): number {
  const usedMs = (after.user - before.user + after.system - before.system) / 1000;
  return elapsedMs > 0 ? (100 * usedMs) / elapsedMs : 0;
}
