import { z } from 'zod';
import { stations } from './stations.ts';

const stationId = z.string().refine((id) => ids.includes(id), {
  error: ({ input }) => `unknown weather station ${JSON.stringify(input)}: known are ${ids.join(', ')}`,
});

/** Runs with no configuration at all. */
export const weatherConfig = z.strictObject({
  stations: z
    .array(stationId)
    .min(1)
    .refine((list) => new Set(list).size === list.length, { error: 'a station is listed twice' })
    .default(() => [...ids]) // all: together some ten microseconds of CPU a second
    .describe('Which stations, by id.'),
  everyMs: z
    .int()
    .min(50)
    .max(60_000)
    .default(1000) // an observation leaves at most a second after it was due
    .describe('Milliseconds between two looks at which observations are due.'),
  pastHours: z
    .int()
    .min(0)
    .max(168) // the models have run for ten days when the network opens
    .default(72) // three days and nights: a chart with weather in it at first sight
    .describe('Hours of observations from before the start, half an hour apart, that the network opens with.'),
  speed: z
    .number()
    .min(1)
    .max(3600)
    // Real time: the sun over Seattle stands where it stands, and the network as a whole reports every two seconds
    // because stations take turns within the minute. 60 shows a day in 24 minutes, each station once a second.
    .default(1)
    .describe('Seconds of weather that pass in one second.'),
});
export type WeatherConfig = z.output<typeof weatherConfig>;

const ids = stations.map((station) => station.id);
