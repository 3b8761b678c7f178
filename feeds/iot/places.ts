import { type Station, stationOf, stations } from '../weather/stations.ts';

/** Where devices stand: a site lives under the climate of a weather station, with weather of its own. */
export type Place = { readonly id: string; readonly station: Station };

/** Different climates first, so that a few sites already differ; then the rest in the order of the stations. */
export const places: readonly Place[] = inOrder(['KSEA', 'EDDB', 'WSSS']).map((station) => ({
  id: station.name.toLowerCase().replaceAll(' ', '-'),
  station,
}));

function inOrder(first: readonly string[]): Station[] {
  return [...first.map(stationOf), ...stations.filter(({ id }) => !first.includes(id))];
}
