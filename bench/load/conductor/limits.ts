/** What this machine lets a run have: open files of each process, and ports towards one address. */

import { readFileSync } from 'node:fs';
import type { Target } from '../plan.ts';
import { BenchError } from '../scenario.ts';
import { evenShares } from './load-processes.ts';

/** Undefined where the system does not tell. */
export type Limits = {
  readonly openFiles: number | undefined;
  readonly localPorts: number | undefined;
};

const spareFiles = 64; // what Node and the server have open besides

/** As processes that are started from here will find them. */
export function machineLimits(): Limits {
  const files = /^Max open files\s+(\d+)/m.exec(textOf('/proc/self/limits'))?.[1];
  const [first, last] = textOf('/proc/sys/net/ipv4/ip_local_port_range').trim().split(/\s+/).map(Number);
  return {
    openFiles: files === undefined ? undefined : Number(files),
    localPorts: first === undefined || last === undefined ? undefined : last - first + 1,
  };
}

export type Wanted = { readonly target: Target; readonly connections: number; readonly workers: number };

/** Throws BenchError when so many connections can't be had here, saying what to do. */
export function checkLimits({ target, connections, workers }: Wanted, limits = machineLimits()): void {
  const { openFiles = Number.POSITIVE_INFINITY, localPorts = Number.POSITIVE_INFINITY } = limits;
  const [most = 0] = evenShares(connections, workers);
  const who = target.kind === 'own' ? 'the server' : 'a load process';
  const needed = (target.kind === 'own' ? connections : most) + spareFiles;
  if (needed > openFiles) {
    const message = `${connections} connections need ${needed} open files in ${who}, and this shell allows ${openFiles}`;
    const others = target.kind === 'url' ? ', or use more load processes' : '';
    throw new BenchError(`${message}: raise the limit with \`ulimit -n ${needed}\`${others}`);
  }
  if (connections > localPorts) {
    const message = `${connections} connections to one address need as many local ports, and this machine has ${localPorts}`;
    throw new BenchError(`${message}: widen net.ipv4.ip_local_port_range, or ask for fewer connections`);
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // only Linux tells
  }
}
