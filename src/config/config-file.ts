/** Finds and reads the one config file. */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import * as zod from 'zod';
import * as feed from '../feed/index.ts';
import { ConfigError } from './config-error.ts';

export const configFileNames: readonly string[] = ['tickwire.config.ts', 'tickwire.config.js', 'tickwire.config.json'];

type Named = { flag: string | undefined; variable: string | undefined };

/** The file that was named, else the one that lies in `cwd`, else none. A named file that is not there is an error. */
export function findConfigFile(cwd: string, { flag, variable }: Named): string | undefined {
  const named = flag ?? (variable === '' ? undefined : variable);
  if (named !== undefined) {
    const file = resolve(cwd, named);
    const source = flag === undefined ? 'TICKWIRE_CONFIG' : '--config';
    if (!existsSync(file)) throw new ConfigError([`there is no config file ${file} (from ${source})`]);
    return file;
  }
  const [first, ...more] = configFileNames.map((name) => resolve(cwd, name)).filter((file) => existsSync(file));
  if (first === undefined || more.length === 0) return first;
  throw new ConfigError([
    `there is more than one config file: ${[first, ...more].join(', ')}; keep one or name it with --config`,
  ]);
}

/** What the file holds or exports by default. `api` is what it may import from "tickwire". */
export async function readConfigFile(file: string, api: object): Promise<object> {
  const value = file.endsWith('.json') ? await readJson(file) : await importDefault(file, api);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new ConfigError([`${file} must ${file.endsWith('.json') ? 'hold' : 'export by default'} one object`]);
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

/** jiti reads TypeScript on Node 20; the virtual modules spare a config a node_modules of its own. */
async function importDefault(file: string, api: object): Promise<unknown> {
  const virtualModules = { zod, tickwire: api, 'tickwire/feed': feed };
  const { createJiti } = await import('jiti'); // a JSON config needs no compiler
  const jiti = createJiti(import.meta.url, {
    fsCache: false,
    moduleCache: false,
    interopDefault: false,
    virtualModules,
  });
  try {
    const exported: unknown = await jiti.import(file);
    return (exported as { default?: unknown }).default;
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

function unreadable(file: string, cause: unknown): ConfigError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ConfigError([`cannot read config file ${file}: ${reason}`], { cause });
}
