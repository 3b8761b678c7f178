import { readFileSync } from 'node:fs';

/** This package's version, seen from the sources as from the build. */
export const version: string = readVersion(['../package.json', '../../package.json']);

function readVersion(candidates: readonly string[]): string {
  for (const candidate of candidates) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(candidate, import.meta.url), 'utf8'));
      if (name === 'tickwire') return version;
    } catch {
      // not here: the next candidate is where the build lies
    }
  }
  return 'unknown';
}
