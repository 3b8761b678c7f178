import type { Feed } from '../src/feed/index.ts';
import { host } from './host/index.ts';
import { iot } from './iot/index.ts';
import { replay } from './replay/index.ts';
import { stocks } from './stocks/index.ts';
import { weather } from './weather/index.ts';

/** Every feed that ships with Tickwire. To add one: write feeds/<name>.ts, list it here. */
export const feeds: readonly Feed[] = [host, stocks, weather, iot, replay];
