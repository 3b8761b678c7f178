import { type builtInNames, type ReplayFile, replayFile } from './config.ts';

/**
 * The recordings that come with Tickwire, from the npm package vega-datasets (itself BSD-3-Clause).
 *
 * `earthquakes`: one week of the USGS feed of all earthquakes, 31 January to 7 February 2018. U.S. public domain,
 * https://www.usgs.gov/information-policies-and-instructions/copyrights-and-credits
 *
 * `weather`: daily weather of Seattle and New York, 2012 to 2015, NOAA Climate Data Online. A U.S. Government work,
 * https://www.usa.gov/government-works
 */
export const builtIn: Readonly<Record<(typeof builtInNames)[number], ReplayFile>> = {
  earthquakes: replayFile({
    path: 'npm:vega-datasets/data/earthquakes.json',
    format: 'geojson',
    topic: 'quake.usgs.event',
    time: { field: 'properties.time', format: 'ms' },
    fields: {
      id: 'string',
      time: { from: 'properties.time', type: 'time:ms' },
      place: { from: 'properties.place', type: 'string' },
      mag: { from: 'properties.mag', type: 'decimal:2' },
      magType: { from: 'properties.magType', type: 'string' },
      lat: { from: 'geometry.coordinates.1', type: 'decimal:7', unit: 'lat' },
      lon: { from: 'geometry.coordinates.0', type: 'decimal:7', unit: 'lon' },
      depth: { from: 'geometry.coordinates.2', type: 'decimal:3', unit: 'km' },
      type: { from: 'properties.type', type: 'string' },
      net: { from: 'properties.net', type: 'string' },
      status: { from: 'properties.status', type: 'string' },
      sig: { from: 'properties.sig', type: 'int' },
      felt: { from: 'properties.felt', type: 'int' },
      alert: { from: 'properties.alert', type: 'string' },
      tsunami: { from: 'properties.tsunami', type: 'bool' },
      url: { from: 'properties.url', type: 'string' },
    },
    speed: 240, // the median gap is 245 s: one event a second, a round in 42 minutes
    loop: true,
  }),
  weather: replayFile({
    path: 'npm:vega-datasets/data/weather.csv',
    format: 'csv',
    topic: 'weather.replay.{station}.day',
    kind: 'latest',
    time: { field: 'date', format: 'date' },
    fields: {
      station: { from: 'location', type: 'string' },
      date: 'string',
      precipitation: { type: 'decimal:1', unit: 'mm' },
      tempMax: { from: 'temp_max', type: 'decimal:1', unit: 'Cel' },
      tempMin: { from: 'temp_min', type: 'decimal:1', unit: 'Cel' },
      // The package calls this km/h, but its means of 3.2 and 5.0 are those of both cities in m/s.
      wind: { type: 'decimal:1', unit: 'm/s' },
      weather: 'string',
    },
    speed: 43_200, // one day every two seconds
    loop: true,
    sort: 'whole', // all of Seattle comes first in the file
  }),
};
