import type { Rng } from '../../src/feed/index.ts';
import type { Air } from '../weather/atmosphere.ts';
import type { DeviceEvent } from './messages.ts';
import type { Place } from './places.ts';

/** What a device measures. */
export type Metric = {
  readonly name: string;
  readonly unit: string;
  readonly type: 'f64' | 'i64' | 'bool' | 'str';
  readonly min?: number;
  readonly max?: number;
};

export type Reading = number | boolean | string | null;

/** A step of the physical world around a device. */
export type Moment = {
  /** Since 1970; the step ends here. */
  readonly sec: number;
  /** Never more than `maxStepSec`. */
  readonly stepSec: number;
  /** Local mean time, 0 … 24. */
  readonly localHour: number;
  readonly air: Air;
};

export const maxStepSec = 300;

/** The physical thing that a device's sensors look at. It lives on while the device is off. */
export type Body = {
  advance(moment: Moment): void;
  /** One reading for each metric of the profile, in their order. */
  read(): Reading[];
};

export type BodyParts = {
  readonly place: Place;
  /** A random stream of this device for this purpose. */
  rng(purpose: string): Rng;
  /** Reports something that happened; reaches the server if the device is awake. */
  raise(event: DeviceEvent): void;
};

export type Power = 'mains' | 'cell' | 'solar';

/** A kind of device. */
export type Profile = {
  readonly kind: string;
  readonly models: readonly string[];
  readonly power: Power;
  readonly metrics: readonly Metric[];
  create(parts: BodyParts): Body;
};

/** An event with nothing to measure. */
export function note(kind: string, text: string, level: DeviceEvent['level'] = 'info'): DeviceEvent {
  return { kind, level, text, value: null };
}
