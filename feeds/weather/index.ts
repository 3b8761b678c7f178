import { defineFeed, type FeedContext } from '../../src/feed/index.ts';
import { ModelClock } from '../physics/model-clock.ts';
import { type WeatherConfig, weatherConfig } from './config.ts';
import { metarMessage, obsMessage, stationMessage } from './messages.ts';
import { MetarDesk } from './metar-desk.ts';
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
    // The three days before the start and a day of minutes, for some 430 bytes each; all stations together 24 MiB.
    history: { maxCount: 6000, maxBytes: 768 * 1024, maxAgeMs: 4 * 86_400_000 },
  },
  'weather.sim.{station}.metar': {
    schema: metarMessage,
    kind: 'event',
    description: 'Aviation reports: one an hour, and one more when visibility or weather changes.',
    maxSilenceMs: 7_500_000, // two missed
    history: { maxCount: 200, maxBytes: 64 * 1024, maxAgeMs: 4 * 86_400_000 },
  },
} as const;

type Context = FeedContext<typeof topics, WeatherConfig>;
type Running = {
  readonly clock: ModelClock;
  readonly network: WeatherNetwork;
  readonly desks: ReadonlyMap<string, MetarDesk>;
};

/** Simulated weather at real places: physically consistent, seeded, in step with the real sun. */
export const weather = defineFeed({
  name: 'weather',
  description: 'Simulated weather at 32 real places, consistent with the sun, the season and itself.',
  config: weatherConfig,
  topics,
  demand: 'always', // a world whose history counts goes on while nobody looks: rain gauges fill
  every: ({ everyMs }) => everyMs,
  setup: (context: Context) => start(context),
  tick: (context, running) => {
    const { clock, network } = running;
    for (const due of network.advanceTo(clock.secondAt(context.clock.now()))) {
      publish(context, running, due, clock.microsOf(due.sec));
    }
  },
});

function start(context: Context): Running {
  const { stations, speed, pastHours } = context.config;
  const now = context.clock.now();
  const clock = new ModelClock(now, speed);
  const chosen = stations.map(stationOf);
  const network = new WeatherNetwork(chosen, clock.startSec, (name) => context.rng(name), pastHours);
  const desks = new Map(chosen.map((station) => [station.id, new MetarDesk(station)]));
  const running = { clock, network, desks };
  for (const station of chosen) context.publish('weather.sim.stations', rowOf(station), { key: station.id, ts: now });
  for (const { station, sec, obs } of network.past()) {
    context.publish(`weather.sim.${station.id}.obs`, obs, { ts: clock.microsOf(sec) });
  }
  for (const due of network.current()) publish(context, running, due, now);
  return running;
}

function publish(context: Context, { desks }: Running, { station, sec, obs }: Due, ts: number): void {
  context.publish(`weather.sim.${station.id}.obs`, obs, { ts });
  const metar = desks.get(station.id)?.report(sec, obs);
  if (metar !== undefined) context.publish(`weather.sim.${station.id}.metar`, metar, { ts });
}

function rowOf({ id, name, lat, lon, elevM, tz }: Station) {
  return { id, name, icao: id, lat, lon, elevM, tz };
}
