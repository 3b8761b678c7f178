import { z } from 'zod';
import { places } from './places.ts';

/** Runs with no configuration at all. */
export const iotConfig = z.strictObject({
  sites: z
    .int()
    .min(1)
    .max(places.length)
    .default(3) // temperate, continental, tropical: enough for the weather to differ
    .describe(`How many sites, 1 to ${places.length}, each with weather of its own.`),
  devices: z
    .int()
    .min(1)
    .max(10_000) // the day each lives before its first sample costs about a millisecond of start
    .default(24) // every kind at every site and a second room each: fills a page, not a screen wall
    .describe('How many devices in all, dealt out to the sites in turn.'),
  sampleEverySec: z
    .int()
    .min(1)
    .max(3600)
    .default(5) // each value moves while one looks at it; devices take turns, so about five report each second
    .describe('Seconds of the simulated world between two samples of a device.'),
  everyMs: z
    .int()
    .min(50)
    .max(60_000)
    .default(1000) // devices report on whole seconds
    .describe('Milliseconds between two looks at which devices are due.'),
  speed: z
    .number()
    .min(1)
    .max(3600)
    .default(1) // real time: panels produce when the sun is up; 60 shows a day in 24 minutes
    .describe('Seconds of the simulated world that pass in one second.'),
});
export type IotConfig = z.output<typeof iotConfig>;
