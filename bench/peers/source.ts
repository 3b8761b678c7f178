/** Serves a peer, or publishes to one; of a library both. */

import { answerParent } from '../support/child.ts';
import { type RunningBroker, startBroker } from './broker.ts';
import { catalog } from './catalog/index.ts';
import { Credit } from './credit.ts';
import { drive } from './drive.ts';
import type { BrokerPorts, PeerName, Publish, ServeOptions } from './peer.ts';
import type { Publishing, Served, SourceRequest } from './source-protocol.ts';

const credit = await Credit.open();
let publish: Publish | undefined;
let broker: RunningBroker | undefined;

answerParent((request: SourceRequest) => {
  switch (request.ask) {
    case 'serve':
      return serve(request.peer, request.options);
    case 'connect':
      return connect(request.peer, request.ports);
    case 'drive':
      if (publish === undefined) throw new Error('nothing to publish to');
      return drive(request.drive, publish, credit);
    case 'close':
      return broker?.stop();
  }
});

async function serve(name: PeerName, options: ServeOptions): Promise<Served> {
  const peer = catalog[name];
  if (peer.kind === 'broker') {
    broker = await startBroker(peer);
    return { pid: broker.pid, ports: broker.ports };
  }
  const library = await peer.serve(options);
  publish = library.publish;
  return { pid: process.pid, ports: { subscribers: library.port, publishers: library.port } };
}

async function connect(name: PeerName, ports: BrokerPorts): Promise<Publishing> {
  const peer = catalog[name];
  if (peer.kind === 'broker') publish = await peer.connect(ports);
  return { creditPort: credit.port };
}
