/** Stations where they stand, drawn over the world's land: temperature by colour and figure, wind by an arrow. */

import { land } from 'virtual:land';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { fixed, shorten } from '../../format.ts';
import type { Observation } from './observation.ts';
import { type Spot, spread } from './spread.ts';
import type { Station } from './weather-view.tsx';

export type StationMapProps = {
  readonly stations: ReadonlyMap<string, Station>;
  readonly observations: ReadonlyMap<string, Observation>;
  readonly chosen: string | undefined;
};

/** Longitude and latitude as x and -y, degrees: from Alaska to New Zealand, from the far north to Cape Horn. */
const frame = { left: -172, top: -76, width: 352, height: 134 };

export function StationMap({ stations, observations, chosen }: StationMapProps) {
  const svg = useRef<SVGSVGElement>(null);
  const [scale, setScale] = useState(1);
  // Marks keep their size on the display, however large the map is drawn.
  useLayoutEffect(() => {
    const element = svg.current;
    if (element === null) return undefined;
    const size = new ResizeObserver(() => setScale(frame.width / Math.max(280, element.clientWidth)));
    size.observe(element);
    return () => size.disconnect();
  }, []);
  const placed = [...stations.values()].filter(({ lat, lon }) => lat !== undefined && lon !== undefined);
  const places = placed.map(({ lat = 0, lon = 0 }) => ({ x: lon, y: -lat }));
  const spots = spread(places, 2 * (radius + 1) * scale);
  return (
    <svg
      ref={svg}
      class="map"
      viewBox={`${frame.left} ${frame.top} ${frame.width} ${frame.height}`}
      aria-label="Map of stations"
    >
      <path class="land" d={land} transform="scale(0.25)" />
      {placed.map((station, i) => (
        <Mark
          key={station.id}
          station={station}
          spot={spots[i] ?? places[i] ?? origin}
          observation={observations.get(station.id)}
          isChosen={station.id === chosen}
          scale={scale}
        />
      ))}
    </svg>
  );
}

type MarkProps = {
  readonly station: Station;
  /** Where there is room for it. */
  readonly spot: Spot;
  readonly observation: Observation | undefined;
  readonly isChosen: boolean;
  readonly scale: number;
};

const radius = 9;
const origin: Spot = { x: 0, y: 0 };

function Mark({ station, spot, observation, isChosen, scale }: MarkProps) {
  const { id, name, lat = 0, lon = 0 } = station;
  const { celsius, windFromDeg, windMs = 0 } = observation ?? {};
  const words = celsius === undefined ? 'no temperature' : `${fixed(celsius, 0)} °C`;
  return (
    <g transform={`translate(${spot.x} ${spot.y}) scale(${scale})`}>
      <path class="tether" d={`M0 0L${(lon - spot.x) / scale} ${(-lat - spot.y) / scale}`} />
      <a
        href={`#/weather/${encodeURIComponent(id)}`}
        class={isChosen ? 'mark chosen' : 'mark'}
        aria-label={`${shorten(name, 60)}: ${words}`}
      >
        <title>{`${shorten(name, 60)}: ${words}`}</title>
        {windFromDeg !== undefined && (
          <path class="wind" d={`M0 -9V${-11 - Math.min(14, windMs)}`} transform={`rotate(${windFromDeg})`} />
        )}
        <circle r={radius} fill={`var(--t${heatOf(celsius)})`} />
        <text y={3}>{celsius === undefined ? '–' : fixed(celsius, 0)}</text>
      </a>
    </g>
  );
}

/** Steps of ten degrees from below -10 to above 30; `x` where there is none. */
function heatOf(celsius: number | undefined): string {
  return celsius === undefined ? 'x' : `${Math.max(0, Math.min(5, Math.floor((celsius + 20) / 10)))}`;
}
