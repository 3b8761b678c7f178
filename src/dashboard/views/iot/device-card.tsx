import { figure, fixed, shorten } from '../../format.ts';
import { useApp } from '../../frame/app.ts';
import { type Device, faultOf, unitText } from './fleet.ts';

export type DeviceCardProps = {
  readonly device: Device;
  /** Changes whenever the device may have. */
  readonly version: unknown;
  readonly isChosen: boolean;
};

/** One device at a glance: state, battery, signal, readings, what is wrong. */
export function DeviceCard({ device, isChosen }: DeviceCardProps) {
  const { address } = useApp();
  const { id, name, status, battery, rssi, metrics, units } = device;
  const faults = [...metrics.values()].map(faultOf).filter((fault) => fault !== undefined);
  return (
    <button
      type="button"
      class="card"
      data-status={status}
      aria-pressed={isChosen}
      onClick={() => address.go({ item: isChosen ? undefined : id })}
    >
      <span class="card-head">
        <b>
          <bdi>{shorten(name, 24)}</bdi>
        </b>
        <span class="tag" data-tone={tones[status] ?? ''}>
          {shorten(status, 12) || 'unknown'}
        </span>
      </span>
      <span class="readings">
        {[...metrics.values()].slice(0, 4).map(({ name: metric, value, quality }) => (
          <span key={metric} data-bad={quality > 0}>
            <i>{shorten(metric, 32)}</i>{' '}
            <bdi>
              {readingText(value)} {unitText(units.get(metric)).slice(0, 8)}
            </bdi>
          </span>
        ))}
      </span>
      <span class="card-foot">
        <span>{battery === undefined ? 'mains' : `battery ${fixed(battery, 0)} %`}</span>
        <span>{rssi === undefined ? '' : `${fixed(rssi, 0)} dBm`}</span>
        {faults.length > 0 && (
          <span class="fault">
            {faults.length} {faults.length === 1 ? 'fault' : 'faults'}
          </span>
        )}
      </span>
    </button>
  );
}

const tones: Readonly<Record<string, string>> = { alive: 'good', birth: 'good', sleeping: 'calm', dead: 'bad' };

export function readingText(value: unknown): string {
  if (typeof value === 'number') return figure(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'string' ? shorten(value, 20) : '–';
}
