import { defineFeed, type FeedContext } from '../../src/feed/index.ts';
import { ModelClock } from '../physics/model-clock.ts';
import { type WeatherConfig, weatherConfig } from './config.ts';
import { obsMessage, stationMessage } from './messages.ts';
import { type Due, WeatherNetwork } from './network.ts';
import { type Station, stationOf } from './stations.ts';

const topics = {
  'weather.sim.stations': {
    schema: stationMessage,
    kind: 'keyed',
    description: 'The stations of the network, one row each.',
  },
  'weather.sim.{station}.obs': {
    schema: obsMessage,
    kind: 'latest',
    description: 'Surface observations, one a minute of the simulated weather.',
    maxSilenceMs: 150_000, // two reports missed, at the slowest speed
  },
} as const;

type Context = FeedContext<typeof topics, WeatherConfig>;
type Running = { readonly clock: ModelClock; readonly network: WeatherNetwork };

/** Simulated weather at real places: physically consistent, seeded, in step with the real sun. */
export const weather = defineFeed({
  name: 'weather',
  description: 'Simulated weather at 32 real places, consistent with the sun, the season and itself.',
  config: weatherConfig,
  topics,
  demand: 'always', // a world whose history counts goes on while nobody looks: rain gauges fill
  every: ({ everyMs }) => everyMs,
  setup: (context: Context) => start(context),
  tick: (context, { clock, network }) => {
    for (const due of network.advanceTo(clock.secondAt(context.clock.now()))) {
      publish(context, due, clock.microsOf(due.sec));
    }
  },
});

function start(context: Context): Running {
  const now = context.clock.now();
  const clock = new ModelClock(now, context.config.speed);
  const chosen = context.config.stations.map(stationOf);
  const network = new WeatherNetwork(chosen, clock.startSec, (name) => context.rng(name));
  for (const station of chosen) context.publish('weather.sim.stations', rowOf(station), { key: station.id, ts: now });
  for (const due of network.current()) publish(context, due, now);
  return { clock, network };
}

function publish(context: Context, { station, obs }: Due, ts: number): void {
  context.publish(`weather.sim.${station.id}.obs`, obs, { ts });
}

function rowOf({ id, name, lat, lon, elevM, tz }: Station) {
  return { id, name, icao: id, lat, lon, elevM, tz };
}
