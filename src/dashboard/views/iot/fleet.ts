/** Every device that is heard of: how it is, and what it measures now. */

import { signal } from '@preact/signals';
import type { Message } from '../../../client/index.ts';
import { field, numberIn, textIn } from '../../format.ts';
import { soon } from '../../frame/soon.ts';

export type Metric = {
  readonly name: string;
  readonly value: unknown;
  /** 0 good, 1 uncertain, 2 bad, 3 stale. */
  readonly quality: number;
  readonly why: string | undefined;
  readonly ts: number;
};

export type Device = {
  readonly id: string;
  readonly site: string;
  readonly name: string;
  status: string;
  model: string;
  firmware: string;
  battery: number | undefined;
  rssi: number | undefined;
  lastSeen: number | undefined;
  /** Of each metric, as its birth certificate says. */
  units: ReadonlyMap<string, string>;
  readonly metrics: Map<string, Metric>;
};

const tellAfterMs = 250; // some hundred metrics change in a second: the page does so a few times

export class Fleet {
  readonly devices = signal<ReadonlyMap<string, Device>>(new Map());
  readonly #devices = new Map<string, Device>();

  readonly hear = (message: Message): void => {
    const [, site, name, what, metric] = message.topic.split('.');
    if (message.type !== 'value' || site === undefined || name === undefined) return;
    const device = this.#deviceOf(site, name);
    if (what === 'state') hearState(device, message.data);
    else if (what === 'm' && metric !== undefined) hearMetric(device, metric, message.data, message.ts);
    else return;
    this.#tell();
  };

  readonly #tell = soon(tellAfterMs, () => {
    this.devices.value = new Map(this.#devices);
  });

  #deviceOf(site: string, name: string): Device {
    const id = `${site}.${name}`;
    const known = this.#devices.get(id);
    if (known !== undefined) return known;
    const device: Device = {
      ...{ id, site, name, status: '', model: '', firmware: '', metrics: new Map(), units: new Map() },
      ...{ battery: undefined, rssi: undefined, lastSeen: undefined },
    };
    this.#devices.set(id, device);
    return device;
  }
}

/** Why a metric is not good, in a word or two; undefined when it is. */
export function faultOf({ quality, why }: Metric): string | undefined {
  if (quality === 0) return undefined;
  return why ?? ['', 'uncertain', 'bad', 'stale'][quality] ?? `quality ${quality}`;
}

function hearState(device: Device, data: unknown): void {
  device.status = textIn(field(data, 'status')) ?? '';
  device.model = textIn(field(data, 'model')) ?? '';
  device.firmware = textIn(field(data, 'fw')) ?? '';
  device.battery = numberIn(field(data, 'battery'));
  device.rssi = numberIn(field(data, 'rssi'));
  device.lastSeen = numberIn(field(data, 'lastSeen'));
  const metrics = field(data, 'metrics');
  if (!Array.isArray(metrics)) return;
  device.units = new Map(metrics.map((each) => [textIn(field(each, 'name')) ?? '', textIn(field(each, 'unit')) ?? '']));
}

function hearMetric(device: Device, name: string, data: unknown, ts: number): void {
  const quality = numberIn(field(data, 'q')) ?? 0;
  device.metrics.set(name, { name, value: field(data, 'v'), quality, why: textIn(field(data, 'why')), ts });
}

/** SenML's unit names (RFC 8428) in the letters that people know. */
export function unitText(unit: string | undefined): string {
  return unit === undefined ? '' : (unitNames.get(unit) ?? unit);
}

const unitNames = new Map([
  ['Cel', '°C'],
  ['%RH', '%'],
  ['%EL', '%'],
  ['/', ''],
  ['degS', '°'],
  ['lat', '°'],
  ['lon', '°'],
  ['count', ''],
]);
