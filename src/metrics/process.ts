import { type Metric, perKey } from './metric.ts';

/** The process and the house as a whole. */
export const processMetrics: readonly Metric[] = [
  {
    name: 'tickwire_build_info',
    help: 'Always 1; the labels say what runs.',
    type: 'gauge',
    read: ({ version }) => [[{ version, node: process.versions.node }, 1]],
  },
  {
    name: 'tickwire_ready',
    help: '1 while /readyz answers 200.',
    type: 'gauge',
    read: ({ isReady }) => Number(isReady),
  },
  {
    name: 'tickwire_draining',
    help: '1 from SIGTERM on, while clients are sent away.',
    type: 'gauge',
    read: ({ isDraining }) => Number(isDraining),
  },
  {
    name: 'tickwire_log_lines_total',
    help: 'Log lines that something is wrong, by level.',
    type: 'counter',
    read: ({ logLines }) => perKey('level', { ...logLines }),
  },
];
