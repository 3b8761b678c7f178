/** What holds where nobody said otherwise. The server's own defaults and their reasons are in server/options.ts. */

import { serverDefaults } from '../server/options.ts';
import type { ConfigInput } from './config-input.ts';
import { fileSettings, type Setting } from './settings.ts';

export const configDefaults = {
  server: serverDefaults,
  seed: 'tickwire', // fixed, so that two runs and two machines show the same numbers
  feeds: ['host', 'stocks', 'weather', 'iot', 'replay'], // all that need no configuration and no network
  open: [], // what a server says is its feeds' word until someone opens a topic
  history: [], // event topics keep what bus/history-rules.ts says, others nothing
  log: {
    level: 'info', // what starts, stops and goes wrong, and nothing for each message
    format: 'auto', // readable on a terminal, JSON for whoever collects it
  },
} as const satisfies ConfigInput;

export function defaultSettings(): Setting[] {
  return fileSettings(configDefaults, 'default');
}
