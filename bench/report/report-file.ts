/** Reports as they lie in files. */

import { z } from 'zod';
import type { BenchReport } from '../load/report.ts';
import { BenchError } from '../load/scenario.ts';

const format = 'tickwire-bench/1';

/** One line of JSON. */
export function writeReport(report: BenchReport): string {
  return `${JSON.stringify(report)}\n`;
}

/** Throws BenchError, naming the file and what is wrong, for a text that `writeReport` did not write. */
export function readReport(text: string, file: string): PastReport {
  const value = parsed(text, file);
  const header = z.object({ format: z.string() }).safeParse(value);
  if (!header.success) throw new BenchError(`${file} is no report of a benchmark: it has no "format"`);
  if (header.data.format !== format) {
    throw new BenchError(`${file} has the format "${header.data.format}", and only ${format} can be read`);
  }
  const report = reportShape.safeParse(value);
  if (report.success) return report.data;
  const [first] = report.error.issues;
  throw new BenchError(`${file} is broken at ${first?.path.join('.')}: ${first?.message}`);
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BenchError(`${file} is not JSON, so no report of a benchmark`, { cause: error });
  }
}

const count = z.number().nonnegative();
const percentiles = z.object({ count, p50: count, p90: count, p99: count, p999: count, max: count });
const processUse = z.object({ cpuSec: count, cpuShare: count, cpuSharePeak: count, rssBytes: count });
const moment = z.object({
  second: count,
  deliveries: count,
  p50: count,
  p99: count,
  max: count,
  serverCpu: count.exactOptional(),
  clientCpu: count,
});
const connect = z.object({
  asked: count,
  opened: count,
  failed: z.record(z.string(), count),
  lost: count,
  seconds: count,
  timeMs: percentiles,
});
const load = z.object({
  connect,
  seconds: count,
  published: count.exactOptional(),
  deliveries: count,
  messages: count,
  bytes: count,
  latency: z.object({ ms: percentiles, histogram: z.string(), uncertaintyMs: count.exactOptional() }).exactOptional(),
  ageMs: percentiles.exactOptional(),
  fairness: z.object({ least: count, median: count, most: count }),
  ledger: z.object({ delivered: count, conflated: count, missed: count, lost: count, duplicates: count }),
  server: processUse.exactOptional(),
  clients: z.array(processUse),
  publishers: z.array(processUse),
  timeline: z.array(moment),
});
const figure = z.object({
  name: z.string(),
  value: z.number(),
  unit: z.string(),
  better: z.enum(['higher', 'lower']).exactOptional(),
});
const run = z.object({
  label: z.string(),
  plan: z.record(z.string(), z.unknown()).exactOptional(), // only ever compared as it is
  load: load.exactOptional(),
  figures: z.array(figure),
  doubts: z.array(z.object({ kind: z.string(), message: z.string() })),
});
const reportShape = z.object({
  format: z.literal(format),
  scenario: z.string(),
  startedAt: z.string(),
  machine: z.object({
    cpu: z.string(),
    cores: count,
    memoryBytes: count,
    system: z.string(),
    node: z.string(),
    tickwire: z.string(),
  }),
  runs: z.array(run),
});

export type PastReport = z.infer<typeof reportShape>;
export type PastRun = PastReport['runs'][number];
