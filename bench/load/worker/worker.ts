/** A load process: holds connections, and answers the conductor. */

import { answerParent } from '../../support/child.ts';
import { Fleet } from './fleet.ts';
import { starve } from './starve.ts';
import type { WorkerRequest } from './worker-protocol.ts';

let opened: Fleet | undefined;

answerParent((request: WorkerRequest) => {
  if (request.ask === 'starve') return starve(request.share);
  if (request.ask === 'open') {
    opened = new Fleet(request.crew);
    return opened.open();
  }
  if (opened === undefined) throw new Error(`asked to ${request.ask} before anything is open`);
  return answer(request, opened);
});

type FleetRequest = Exclude<WorkerRequest, { readonly ask: 'open' | 'starve' }>;

function answer(request: FleetRequest, fleet: Fleet): unknown {
  switch (request.ask) {
    case 'measure':
      return fleet.measure(request.window);
    case 'sample':
      return fleet.sample();
    case 'settle':
      return fleet.settle();
    case 'account':
      return fleet.account(request.lastSeq);
    case 'rejoin':
      return fleet.rejoin(request.isResumed);
    case 'drop':
    case 'unsubscribe':
    case 'subscribe':
    case 'snapshots':
      return fleet[request.ask]();
  }
}
