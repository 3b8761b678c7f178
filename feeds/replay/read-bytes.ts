import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { FeedError } from '../../src/feed/index.ts';

/** A file's bytes as they are asked for, unpacked if its name ends in .gz. Fatal, with path and reason, if it cannot be read. */
export async function* readBytes(name: string, maxBytes = Number.POSITIVE_INFINITY): AsyncGenerator<Buffer> {
  let total = 0;
  try {
    for await (const chunk of open(resolvePath(name))) {
      total += chunk.length;
      if (total > maxBytes) throw new Error(`it holds more than ${maxBytes} bytes and must be loaded whole`);
      yield chunk;
    }
  } catch (error) {
    throw new FeedError.Fatal(`cannot read ${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function open(file: string): AsyncIterable<Buffer> {
  const source = createReadStream(file);
  if (!file.endsWith('.gz')) return source;
  // pipeline carries a failure of one end to the other; the reader sees it as its own.
  return pipeline(source, createGunzip(), () => {});
}

/** `npm:package/rest` is looked for as Node looks for the package, so it works from sources and from dist alike. */
function resolvePath(name: string): string {
  const found = /^npm:((?:@[^/]+\/)?[^/]+)\/(.+)$/.exec(name);
  const [, packageName, rest] = found ?? [];
  if (packageName === undefined || rest === undefined) return path.resolve(name);
  const main = createRequire(import.meta.url).resolve(packageName);
  const folder = path.join('node_modules', packageName);
  return path.join(main.slice(0, main.lastIndexOf(folder)), folder, rest);
}
