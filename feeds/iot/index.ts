import { defineFeed, type FeedContext } from '../../src/feed/index.ts';
import { ModelClock } from '../physics/model-clock.ts';
import { type IotConfig, iotConfig } from './config.ts';
import type { Identity } from './device.ts';
import { Fleet } from './fleet.ts';
import { eventMessage, measurementMessage, stateMessage } from './messages.ts';
import type { Outlet } from './presence.ts';

const topics = {
  'iot.{site}.{device}.state': {
    schema: stateMessage,
    kind: 'latest',
    description: 'How a device is: birth, alive, sleeping or dead; battery, radio, firmware.',
  },
  'iot.{site}.{device}.m.{metric}': {
    schema: measurementMessage,
    kind: 'latest',
    description: 'One metric of one device.',
  },
  'iot.{site}.{device}.event': {
    schema: eventMessage,
    kind: 'event',
    description: 'What happens to a device: doors, pumps, restarts, low batteries.',
  },
} as const;

type Context = FeedContext<typeof topics, IotConfig>;
type Running = { readonly clock: ModelClock; readonly fleet: Fleet };

/** Simulated sensors that obey physics, under the sun and the weather of their sites. */
export const iot = defineFeed({
  name: 'iot',
  description: 'Simulated devices with physics, batteries, radios and lives: rooms, panels, meters, pumps, trucks.',
  config: iotConfig,
  topics,
  demand: 'always', // a world whose history counts goes on while nobody looks: batteries drain, devices fall silent
  every: ({ everyMs }) => everyMs,
  setup: (context: Context) => start(context),
  tick: (context, { clock, fleet }) => fleet.advanceTo(clock.secondAt(context.clock.now())),
});

function start(context: Context): Running {
  const { sites, devices, sampleEverySec, speed } = context.config;
  const clock = new ModelClock(context.clock.now(), speed);
  const fleet = new Fleet({
    ...{ sites, devices, sampleEverySec },
    startSec: clock.startSec,
    rng: (name) => context.rng(name),
    outletOf: (identity) => outletOf(context, clock, identity),
  });
  fleet.begin();
  return { clock, fleet };
}

function outletOf(context: Context, clock: ModelClock, { place, name }: Identity): Outlet {
  const prefix = `iot.${place.id}.${name}` as const;
  // In a world that runs faster than ours, the device's own time is worth telling.
  const isFast = context.config.speed !== 1;
  return {
    micros: (sec) => clock.microsOf(sec),
    state: (sec, state) => context.publish(`${prefix}.state`, state, { ts: clock.microsOf(sec) }),
    event: (sec, event) => context.publish(`${prefix}.event`, event, { ts: clock.microsOf(sec) }),
    measurement: (sec, metric, measurement) => {
      const data = isFast ? { ...measurement, mt: sec * 1e6 } : measurement;
      context.publish(`${prefix}.m.${metric}`, data, { ts: clock.microsOf(sec) });
    },
  };
}
