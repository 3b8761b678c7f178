import { FeedError } from '../../src/feed/index.ts';
import type { Entry } from './entry.ts';

export const maxWholeBytes = 32 * 1024 * 1024; // a month of all earthquakes is 8 MB; loaded rows take several times this

/** The features of a FeatureCollection. It is one JSON value, hence loaded whole. Fatal when it is something else. */
export async function* readGeojson(name: string, chunks: AsyncIterable<Buffer>): AsyncGenerator<Entry> {
  const parts: Buffer[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  const features = featuresOf(name, Buffer.concat(parts).toString('utf8'));
  for (const [i, row] of features.entries()) yield { at: `features[${i}]`, row };
}

function featuresOf(name: string, text: string): readonly unknown[] {
  let collection: unknown;
  try {
    collection = JSON.parse(text);
  } catch (error) {
    throw new FeedError.Fatal(`cannot read ${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const features = (collection as { features?: unknown } | null)?.features;
  if (!Array.isArray(features)) throw new FeedError.Fatal(`cannot read ${name}: it has no list of features`);
  return features;
}
