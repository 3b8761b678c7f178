/** Weather: every station on the map, one of them in depth. */

import { signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { Message } from '../../../client/index.ts';
import { field, numberIn, textIn } from '../../format.ts';
import { useApp } from '../../frame/app.ts';
import { soon } from '../../frame/soon.ts';
import { useTap } from '../../frame/use-tap.ts';
import type { View } from '../../frame/view.ts';
import { Panel } from '../../widgets/panel.tsx';
import { type Observation, observationOf } from './observation.ts';
import { StationDetail } from './station-detail.tsx';
import { StationList } from './station-list.tsx';
import { StationMap } from './station-map.tsx';

export const weather: View = {
  id: 'weather',
  title: 'Weather',
  icon: 'M7 18a4 4 0 0 1 0-8 6 6 0 0 1 11.5 1.5A3.5 3.5 0 0 1 17.5 18zM12 3v1M4 6l1 1M20 6l-1 1',
  search: 'Find a station',
  Component: WeatherView,
};

export type Station = {
  readonly id: string;
  /** The second segment of its topics. */
  readonly network: string;
  readonly name: string;
  readonly lat: number | undefined;
  readonly lon: number | undefined;
  readonly elevM: number | undefined;
  readonly zone: string | undefined;
};

const tellAfterMs = 50; // less than one notices

/** What is known of all stations, by id. */
class Sky {
  readonly stations = signal<ReadonlyMap<string, Station>>(new Map());
  readonly observations = signal<ReadonlyMap<string, Observation>>(new Map());
  readonly #stations = new Map<string, Station>();
  readonly #observations = new Map<string, Observation>();

  readonly hearStation = ({ type, key, topic, ...message }: Message): void => {
    if (key === undefined) return;
    if (type === 'remove' || !('data' in message)) this.#stations.delete(key);
    else this.#stations.set(key, stationOf(key, topic, message.data));
    this.#tell();
  };

  readonly hear = (message: Message): void => {
    const [, network = '', id = ''] = message.topic.split('.');
    if (message.type !== 'value') return;
    this.#observations.set(id, observationOf(message.data, message.ts));
    if (!this.#stations.has(id)) this.#stations.set(id, stationOf(id, `weather.${network}`, undefined));
    this.#tell();
  };

  /** All that one frame brings is one change of the page. */
  readonly #tell = soon(tellAfterMs, () => {
    this.stations.value = new Map(this.#stations);
    this.observations.value = new Map(this.#observations);
  });
}

function WeatherView() {
  const { address } = useApp();
  const sky = useMemo(() => new Sky(), []);
  const rows = useTap('weather.*.stations', sky.hearStation);
  const observations = useTap('weather.*.*.obs', sky.hear);
  const stations = sky.stations.value;
  const chosen = stations.get(address.place.value.item ?? '') ?? stations.values().next().value;
  return (
    <div class="weather">
      <Panel id="map" title="Stations" taps={[observations, rows]} className="map-panel">
        <StationMap stations={stations} observations={sky.observations.value} chosen={chosen?.id} />
      </Panel>
      {chosen !== undefined && (
        <StationDetail key={chosen.id} station={chosen} observation={sky.observations.value.get(chosen.id)} />
      )}
      <Panel id="stations" title="Now" taps={[observations]} className="stations">
        <StationList stations={stations} observations={sky.observations.value} chosen={chosen?.id} tap={observations} />
      </Panel>
    </div>
  );
}

function stationOf(id: string, topic: string, data: unknown): Station {
  return {
    id,
    network: topic.split('.')[1] ?? '',
    name: textIn(field(data, 'name')) ?? id,
    lat: within(numberIn(field(data, 'lat')), 90),
    lon: within(numberIn(field(data, 'lon')), 180),
    elevM: numberIn(field(data, 'elevM')),
    zone: textIn(field(data, 'tz')),
  };
}

function within(degrees: number | undefined, most: number): number | undefined {
  return degrees !== undefined && Math.abs(degrees) <= most ? degrees : undefined;
}
