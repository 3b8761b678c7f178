/** Versions of the peers, as they say them themselves. */

import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { z } from 'zod';

const packageFile = z.object({ name: z.string(), version: z.string() });

/** Of the npm package that an import of `name` would take: its own name and version, for aliases hide both. */
export async function packageVersion(name: string): Promise<string> {
  let folder = new URL('./', import.meta.resolve(name));
  for (; folder.pathname !== '/'; folder = new URL('../', folder)) {
    const file = new URL('package.json', folder);
    const content = existsSync(file) ? packageFile.safeParse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
    if (content?.success === true) return `${content.data.name} ${content.data.version}`;
  }
  throw new Error(`no package.json above ${import.meta.resolve(name)}`);
}

/** The first thing like 1.2.3 that the program prints. Throws when there is none. */
export async function programVersion(path: string, flag: string): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(path, [flag]).catch(printed);
  const version = /\d+\.\d+\.\d+/.exec(stdout + stderr)?.[0];
  if (version === undefined) throw new Error(`${path} ${flag} prints no version`);
  return version;
}

/** Some print it and fail. */
function printed(error: unknown): { stdout: string; stderr: string } {
  return z.object({ stdout: z.string(), stderr: z.string() }).parse(error);
}
