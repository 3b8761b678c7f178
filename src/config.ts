/** What this process was told: a file, then the environment, then flags. The only reader of process.env. */

import { dirname } from 'node:path';
import { ConfigError } from './config/config-error.ts';
import { findConfigFile, readConfigFile } from './config/config-file.ts';
import type { Config, ConfigInput } from './config/config-input.ts';
import { configSchema } from './config/config-schema.ts';
import { defaultSettings } from './config/defaults.ts';
import { type Environment, environmentSettings, unknownVariables } from './config/environment.ts';
import { type Flags, flagSettings } from './config/flags.ts';
import { problemsOf } from './config/problems.ts';
import { fileSettings, mergeSettings } from './config/settings.ts';

export { ConfigError } from './config/config-error.ts';
export type { Config, ConfigInput, FeedEntry, OpenTopic } from './config/config-input.ts';
export type { Environment } from './config/environment.ts';
export type { Flags } from './config/flags.ts';

export type ConfigRequest = { cwd: string; env: Environment; flags: Flags };

/** A config and, for each of its paths, who set it: `default`, the file's path, a variable or a flag. */
export type ResolvedConfig = { config: Config; sources: Readonly<Record<string, string>> };

/** The environment of this process, for handing on to loadConfig and to commands. */
export const environment: Environment = process.env;

/** Deeply frozen. Throws ConfigError, which lists every problem with its path, value and source. */
export async function loadConfig(request: ConfigRequest): Promise<Config> {
  return (await resolveConfig(request)).config;
}

/** As loadConfig, and says where each value came from. */
export async function resolveConfig({ cwd, env, flags }: ConfigRequest): Promise<ResolvedConfig> {
  const file = findConfigFile(cwd, { flag: flags.config, variable: env.TICKWIRE_CONFIG });
  const settings = [
    ...defaultSettings(),
    ...(file === undefined ? [] : fileSettings(await readConfigFile(file, { defineConfig }), file)),
    ...environmentSettings(env, cwd),
    ...flagSettings(flags, cwd),
  ];
  const { values, sources } = mergeSettings(settings);
  const result = configSchema.safeParse(values);
  const problems = [...unknownVariables(env), ...(result.success ? [] : problemsOf(result.error, values, sources))];
  if (!result.success || problems.length > 0) throw new ConfigError(problems);
  const folder = file === undefined ? cwd : dirname(file);
  return { config: deepFreeze({ ...result.data, folder }), sources: Object.fromEntries(sources) };
}

/** Gives `tickwire.config.ts` its types; returns what it got. */
export function defineConfig(config: ConfigInput): ConfigInput {
  return config;
}

/** Plain objects and arrays only: a zod schema keeps caches inside. */
function deepFreeze<T>(value: T): T {
  if (Array.isArray(value) || isPlainObject(value)) {
    for (const inner of Object.values(value)) deepFreeze(inner);
    Object.freeze(value);
  }
  return value;
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
