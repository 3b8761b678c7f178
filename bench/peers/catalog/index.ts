/** Every peer of the comparison. To add one: write a file of its own, name it in peer.ts, list it here. */

import type { Peer, PeerName } from '../peer.ts';
import { bare } from './bare.ts';
import { mosquitto } from './mosquitto.ts';
import { nats } from './nats.ts';
import { nchan } from './nchan.ts';
import { socketIo } from './socket-io.ts';
import { tickwire } from './tickwire.ts';
import { ws } from './ws.ts';

export const catalog: Readonly<Record<PeerName, Peer>> = {
  tickwire,
  bare,
  ws,
  'socket.io': socketIo,
  nats,
  mosquitto,
  nchan,
};
