/** How the hub's messages leave: native topics of one app, a loop turn at a time. */

import type { HubParts } from '../bus/index.ts';
import type { TemplatedApp } from './uws.ts';

/** `flushIntervalMs` 0: at the end of this loop turn; more: so much later, so that more turns share a message. */
export function outletOf(app: TemplatedApp, flushIntervalMs: number): HubParts {
  return {
    publish: (channel, message, isBinary) => void app.publish(channel, message, isBinary),
    schedule: (flush) => {
      if (flushIntervalMs === 0) setImmediate(flush);
      else setTimeout(flush, flushIntervalMs);
    },
  };
}
