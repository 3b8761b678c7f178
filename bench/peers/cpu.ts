/** CPU time of processes, seen from outside, the same way for all of them. */

import { readdirSync, readFileSync } from 'node:fs';

/** Seconds on a core so far, of all threads of the process and of its children. 0 when there is no such process. */
export function cpuSecOf(pid: number): number {
  return [pid, ...childrenOf(pid)].reduce((sum, one) => sum + ownCpuSec(one), 0);
}

/** In bytes, of the process and its children; pages that they share count for each. */
export function rssBytesOf(pid: number): number {
  const kilobytes = [pid, ...childrenOf(pid)].map(
    (one) => /^VmRSS:\s*(\d+) kB/m.exec(read(`/proc/${one}/status`))?.[1],
  );
  return kilobytes.reduce((sum, text) => sum + Number(text ?? 0) * 1024, 0);
}

/** In nanoseconds, where /proc/pid/stat would say hundredths of a second. */
function ownCpuSec(pid: number): number {
  return threadsOf(pid).reduce(
    (sum, thread) => sum + Number(read(`/proc/${pid}/task/${thread}/schedstat`).split(' ')[0]) / 1e9,
    0,
  );
}

function childrenOf(pid: number): number[] {
  return threadsOf(pid).flatMap((thread) =>
    read(`/proc/${pid}/task/${thread}/children`).split(' ').filter(Boolean).map(Number),
  );
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return []; // gone, or not Linux
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // gone meanwhile
  }
}
