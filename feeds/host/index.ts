import { z } from 'zod';
import { defineFeed, type Feed, slug } from '../../src/feed/index.ts';
import { type Machine, thisMachine } from './machine.ts';
import { openSources, type Source, type SourceName, sourceNames } from './sources.ts';
import { hostTopics } from './topics.ts';

/** Real telemetry of a machine: on Linux from /proc, elsewhere what Node tells. Sources it lacks publish nothing. */
export function createHost(machine: Machine = thisMachine): Feed {
  return defineFeed({
    name: 'host',
    description: 'Processor, load, memory, pressure, disk, file system, network and process telemetry of this machine.',
    config: z.strictObject({
      /** Once a second is what people watch by; a reading costs well under a millisecond. */
      everyMs: z.int().min(100).max(3_600_000).default(1000),
      /** The topic segment of this machine. */
      name: z
        .string()
        .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 of A-Z a-z 0-9 _ -')
        .default(() => slug(machine.hostname())),
      sources: z.array(z.enum(sourceNames)).default([...sourceNames]),
    }),
    topics: hostTopics,
    every: (config) => config.everyMs,
    demand: 'rate', // rates are taken over whatever time lies between two readings
    catchUp: 0, // a second reading right after a late one tells nothing
    setup: (context) => ({ sources: openSources(machine, context), reported: new Set<SourceName>() }),
    async tick({ log }, { sources, reported }) {
      for (const [name, source] of sources) {
        const trouble = await troubleOf(source);
        if (trouble === undefined || reported.has(name)) continue;
        reported.add(name);
        log[trouble.level](`host: source "${name}" ${trouble.text}`);
      }
    },
  });
}

/** Every machine has one of these. */
export const host: Feed = createHost();

/** One source that fails leaves the others alone. */
async function troubleOf(source: Source): Promise<{ level: 'debug' | 'warn'; text: string } | undefined> {
  try {
    const outcome = await source();
    return outcome === 'absent' ? { level: 'debug', text: 'is not there on this machine' } : undefined;
  } catch (error) {
    return { level: 'warn', text: `failed: ${error instanceof Error ? error.message : String(error)}` };
  }
}
