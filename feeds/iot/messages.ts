import { z } from 'zod';
import { measure, micros } from '../../src/feed/index.ts';

const metricMessage = z.object({
  name: z.string(),
  /** SenML (RFC 8428, RFC 8798) where one fits; empty for what has none. */
  unit: z.string(),
  type: z.enum(['f64', 'i64', 'bool', 'str']),
  min: z.number().optional(),
  max: z.number().optional(),
  intervalMs: z.int().positive(),
});

/** How a device is, as seen from the server. */
export const stateMessage = z.object({
  online: z.boolean(),
  status: z.enum(['birth', 'alive', 'sleeping', 'dead']),
  /** Grows by one with each birth. */
  bdSeq: z.int().nonnegative(),
  /** Of the device's last message heard: 0 at birth, then +1 modulo 256 for each it sends. */
  seq: z.int().min(0).max(255),
  fw: z.string(),
  model: z.string(),
  /** Percent; null on mains. */
  battery: measure('%EL').min(0).max(100).nullable(),
  rssi: measure('dBm'),
  /** Three of these without a message and the device counts as dead. */
  heartbeatS: measure('s').positive(),
  lastSeen: micros(),
  /** The birth certificate: all it will ever send. In every message, for whoever came after the birth. */
  metrics: z.array(metricMessage),
});
export type State = z.output<typeof stateMessage>;

/** Quality of a measurement: the rest of the codes belongs to faults of sensors. */
export const quality = { good: 0, uncertain: 1, bad: 2, stale: 3 } as const;

export const measurementMessage = z.object({
  v: z.union([z.number(), z.boolean(), z.string(), z.null()]),
  /** 0 good, 1 uncertain, 2 bad, 3 stale. */
  q: z.int().min(0).max(3),
  /** Why it is not good. */
  why: z.string().optional(),
  /** The device's own time of the sample, where it differs from the event time. */
  mt: micros().optional(),
  /** The device's sample counter: a gap is a sample lost on the air. All metrics of a sample share it. */
  n: z.int().positive(),
});
export type Measurement = z.output<typeof measurementMessage>;

export const eventMessage = z.object({
  /** A word for programs, like `door-open`. */
  kind: z.string(),
  level: z.enum(['info', 'warning', 'alarm']),
  /** A sentence for people. */
  text: z.string(),
  value: z.number().nullable(),
});
export type DeviceEvent = z.output<typeof eventMessage>;
