/** IoT: sites, their devices, and the sensors of one of them. */

import { useMemo } from 'preact/hooks';
import { useApp } from '../../frame/app.ts';
import { useTap } from '../../frame/use-tap.ts';
import type { View } from '../../frame/view.ts';
import { Panel } from '../../widgets/panel.tsx';
import { DeviceCard } from './device-card.tsx';
import { DeviceDetail } from './device-detail.tsx';
import { DeviceEvents } from './device-events.tsx';
import { type Device, Fleet } from './fleet.ts';

export const iot: View = {
  id: 'iot',
  title: 'IoT',
  icon: 'M8 8h8v8H8zM10 4v4M14 4v4M10 16v4M14 16v4M4 10h4M4 14h4M16 10h4M16 14h4',
  search: 'Find a device',
  Component: IotView,
};

function IotView() {
  const { address, search } = useApp();
  const fleet = useMemo(() => new Fleet(), []);
  const states = useTap('iot.*.*.state', fleet.hear);
  const metrics = useTap('iot.*.*.m.*', fleet.hear, { maxRate: 2 });
  const devices = [...fleet.devices.value.values()];
  const chosen = fleet.devices.value.get(address.place.value.item ?? '');
  const needle = search.value.trim().toLowerCase();
  const found = devices.filter(({ id, model }) => `${id} ${model}`.toLowerCase().includes(needle));
  return (
    <div class="iot">
      <Panel id="devices" title="Devices" taps={[states, metrics]} className="devices">
        {devices.length === 0 && <p class="note">Waiting for devices…</p>}
        {devices.length > 0 && found.length === 0 && <p class="note">No device matches.</p>}
        {bySite(found).map(([site, ofSite]) => (
          <div key={site} class="site">
            <h3>
              <bdi>{site.slice(0, 40)}</bdi> <small>{wordsOf(ofSite)}</small>
            </h3>
            <div class="cards">
              {ofSite.slice(0, maxCards).map((device) => (
                <DeviceCard
                  key={device.id}
                  device={device}
                  version={fleet.devices.value}
                  isChosen={device === chosen}
                />
              ))}
            </div>
          </div>
        ))}
      </Panel>
      <div class="iot-side">
        {chosen === undefined ? (
          <p class="note panel">Choose a device to see its sensors over time.</p>
        ) : (
          <DeviceDetail key={chosen.id} device={chosen} />
        )}
        <DeviceEvents />
      </div>
    </div>
  );
}

const maxCards = 200;

function bySite(devices: readonly Device[]): readonly (readonly [string, readonly Device[]])[] {
  const sites = new Map<string, Device[]>();
  for (const device of devices.toSorted((a, b) => byName.compare(a.id, b.id))) {
    sites.set(device.site, [...(sites.get(device.site) ?? []), device]);
  }
  return [...sites];
}

const byName = new Intl.Collator(undefined, { numeric: true });

function wordsOf(devices: readonly Device[]): string {
  const awake = devices.filter(({ status }) => status === 'alive' || status === 'birth').length;
  const dead = devices.filter(({ status }) => status === 'dead').length;
  return `${devices.length} devices, ${awake} awake${dead > 0 ? `, ${dead} dead` : ''}`;
}
