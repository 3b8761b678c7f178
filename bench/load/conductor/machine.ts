/** What a benchmark ran on. */

import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { version } from '../../../src/version.ts';
import type { Machine } from '../report.ts';

export function machine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    system: `${type()} ${release()}`,
    node: process.versions.node,
    tickwire: version,
  };
}
