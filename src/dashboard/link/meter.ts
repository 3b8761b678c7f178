/** What goes over the page's sockets, and how long the page takes to take it in. */

import type { SocketConstructor } from '../../client/index.ts';

export class Meter {
  bytes = 0;
  messages = 0;
  /** Time on the main thread from the arrival of messages until all of their listeners had returned. */
  intakeMs = 0;
}

/** The browser's own socket, counting. Its first listener runs before the client's, its last one after it. */
export function meteredSocket(meter: Meter): SocketConstructor {
  return class MeteredSocket extends WebSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols);
      let beganAt = 0;
      this.addEventListener('message', ({ data }) => {
        beganAt = performance.now();
        meter.messages++;
        meter.bytes += typeof data === 'string' ? data.length : data.byteLength;
      });
      this.addEventListener('open', () => {
        this.addEventListener('message', () => {
          meter.intakeMs += performance.now() - beganAt;
        });
      });
    }
  } as SocketConstructor;
}
