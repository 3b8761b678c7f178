/** The views, in the order of the menu. To add one: write a folder beside these, and list it here. */

import type { View } from '../frame/view.ts';
import { connection } from './connection/connection-view.tsx';
import { docs } from './docs/docs-view.tsx';
import { host } from './host/host-view.tsx';
import { iot } from './iot/iot-view.tsx';
import { markets } from './markets/markets-view.tsx';
import { topics } from './topics/topics-view.tsx';
import { weather } from './weather/weather-view.tsx';

export const views: readonly [View, ...View[]] = [markets, weather, iot, host, topics, connection, docs];
