/** How much memory histories may take under a config, in words. */

import { historyDefaults } from '../bus/history-rules.ts';
import type { HistoryLimits } from '../bus/index.ts';
import type { Config } from './config-input.ts';

export type HistoryMemory = { readonly all: string; readonly eachTopic: readonly string[] };

/** The bound of all topics together, and that of each topic by the entry that selects it, in the order they are tried. */
export function historyMemory({ history, server: { historyBytes } }: Config): HistoryMemory {
  const bound = (limits: HistoryLimits) => topicBound(limits, historyBytes);
  return {
    all: `at most ${showBytes(historyBytes)}, as estimated (server.historyBytes); above it the largest topic drops its oldest`,
    eachTopic: [
      ...history.map((rule) => `${rule.pattern}: ${bound(rule)}`),
      'topics whose feed declares a history: what it says',
      `other event topics: ${bound(historyDefaults)}`,
      'other topics, and ephemeral ones: nothing',
    ],
  };
}

function topicBound({ maxCount, maxBytes, maxAgeMs }: HistoryLimits, mostBytes: number): string {
  if (maxCount === 0 || mostBytes === 0) return 'nothing';
  return `at most ${showBytes(Math.min(maxBytes, mostBytes))}, ${maxCount} publications, ${showDuration(maxAgeMs)}`;
}

/** `131072 bytes (128 KiB)`: exact, and what people read first where it is a round number of something. */
function showBytes(bytes: number): string {
  const unit = byteUnits.find(({ size }) => bytes >= size && bytes % size === 0);
  return unit === undefined ? `${bytes} bytes` : `${bytes} bytes (${bytes / unit.size} ${unit.name})`;
}

const byteUnits = [
  { name: 'GiB', size: 1024 ** 3 },
  { name: 'MiB', size: 1024 ** 2 },
  { name: 'KiB', size: 1024 },
] as const;

function showDuration(ms: number): string {
  const unit = timeUnits.find(({ size }) => ms % size === 0);
  return unit === undefined ? `${ms} ms` : `${ms / unit.size} ${unit.name}`;
}

const timeUnits = [
  { name: 'h', size: 3_600_000 },
  { name: 'min', size: 60_000 },
  { name: 's', size: 1000 },
] as const;
