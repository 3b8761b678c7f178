import { defineFeed, type Feed, FeedError } from '../../src/feed/index.ts';
import { type ReplayFile, replayConfig } from './config.ts';
import { interleave } from './interleave.ts';
import { type PlayContext, type Played, playFile } from './play-file.ts';
import { filesOf, replayTopics } from './topics.ts';

/** Recorded data with its original spacing, at any speed. Each file plays on its own; one that fails stops no other. */
export const replay: Feed = defineFeed({
  name: 'replay',
  description:
    'Recorded data with its original spacing: USGS earthquakes (U.S. public domain), Seattle and New York weather from ' +
    'NOAA (a U.S. Government work), and any NDJSON, CSV or GeoJSON file.',
  config: replayConfig,
  topics: replayTopics,
  demand: 'always', // a world whose history counts goes on while nobody looks; begun anew, it would tell the past twice
  async *stream(context) {
    const failures: string[] = [];
    const onFailure = (message: string) => {
      failures.push(message);
      context.log.error(`replay: ${message}`);
      context.status('degraded', failures.join('; '));
    };
    const files = filesOf(context.config).map((file) => isolated(file, context, onFailure));
    for await (const played of interleave(files, context.clock)) {
      const { topic, ts, key, kind } = played;
      if ('isRemoval' in played) context.remove(topic, key ?? '');
      else
        yield { topic, data: played.data, ts, ...(key !== undefined && { key }), ...(kind !== undefined && { kind }) };
    }
    if (failures.length > 0) throw new FeedError.Fatal(failures.join('; '));
  },
});

/** A file that fails ends there; anything but a fatal failure is a fault in here or a stop, and goes on up. */
async function* isolated(
  file: ReplayFile,
  context: PlayContext,
  onFailure: (message: string) => void,
): AsyncGenerator<Played> {
  try {
    yield* playFile(file, context);
  } catch (error) {
    if (!(error instanceof FeedError.Fatal)) throw error;
    onFailure(error.message);
  }
}
