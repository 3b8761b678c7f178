/** The dashboard as a user gets it: built. */

import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** Where the server finds the page. Built anew only when a source is younger, so that a fresh build is left alone. */
export async function builtPage(): Promise<string> {
  if (youngest(sources) > youngest([built]))
    await build({ configFile: join(page, 'vite.config.ts'), logLevel: 'warn' });
  return built;
}

const folder = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const page = folder('src/dashboard');
const sources = [page, folder('src/client'), folder('src/protocol')];
const built = folder('dist/dashboard');

/** Milliseconds since 1970; 0 when there is nothing. */
function youngest(folders: readonly string[]): number {
  const files = folders.filter(existsSync).flatMap((path) => {
    const entries = readdirSync(path, { recursive: true, withFileTypes: true, encoding: 'utf8' });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  });
  return files.reduce((latest, file) => Math.max(latest, statSync(file).mtimeMs), 0);
}
