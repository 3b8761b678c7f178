/** The whole bus, put together: origin, hub, and what they share. */

import type { Micros } from '../protocol/index.ts';
import { DemandBook } from './demand.ts';
import { type HistoryLimits, HistoryStore } from './history.ts';
import { Hub, type HubParts } from './hub.ts';
import { Origin } from './origin.ts';
import type { Topic } from './publication.ts';
import { SchemaRegistry } from './schema-registry.ts';

/** How messages leave. */
export type Outlet = Pick<HubParts, 'publish' | 'schedule'>;

export type BusOptions = {
  readonly now: () => Micros;
  readonly historyLimitsOf: (topic: Topic) => HistoryLimits | undefined;
  /** All histories together. */
  readonly historyBytes: number;
  readonly demandLingerMs: number;
  /** Monotonic milliseconds and timers; the machine's by default. */
  readonly timers?: Timers;
};

export type Timers = { now(): number; after(delayMs: number, run: () => void): () => void };

export type Bus = {
  readonly hub: Hub;
  readonly origin: Origin;
  readonly schemas: SchemaRegistry;
  readonly demand: DemandBook;
  /** No timer of the bus runs after it. */
  stop(): void;
};

export function createBus(outlet: Outlet, options: BusOptions): Bus {
  const { now, historyLimitsOf, historyBytes, demandLingerMs, timers = machineTimers } = options;
  const schemas = new SchemaRegistry();
  const demand = new DemandBook({ lingerMs: demandLingerMs, after: timers.after });
  const hub = new Hub({
    publish: (channel, message, encoding) => outlet.publish(channel, message, encoding),
    schedule: (flush) => outlet.schedule(flush),
    now: timers.now,
    after: timers.after,
    schemaOf: (fields) => schemas.numbered(fields),
    releaseSchema: (schema) => schemas.release(schema),
    historyLimitsOf,
    histories: new HistoryStore(historyBytes, timers.now),
    demand,
  });
  const time = { now, monotonicMs: timers.now, after: timers.after };
  const origin = new Origin(hub, schemas, undefined, time);
  const stop = () => {
    origin.stop();
    demand.stop();
  };
  return { hub, origin, schemas, demand, stop };
}

const machineTimers: Timers = {
  now: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};
