/** Clients of the real library, many in one process, each with an audit of its own. */

import { connect } from '../../../src/client/index.ts';
import { ownUse } from '../../load/process-use.ts';
import { answerParent } from '../../support/child.ts';
import { Audit, type Findings } from './audit.ts';

export type ClientsRequest =
  | { readonly ask: 'connect'; readonly url: string; readonly count: number; readonly pattern: string }
  | { readonly ask: 'findings' };
export type ClientsAnswer = { readonly findings: readonly Findings[]; readonly cpuSec: number };

const perTurn = 50; // at a time, so that none waits for all

const audits: Audit[] = [];

answerParent((request: ClientsRequest) => {
  if (request.ask === 'connect') return connectAll(request);
  return { findings: audits.map(({ findings }) => findings), cpuSec: ownUse().cpuSec };
});

async function connectAll({ url, count, pattern }: Extract<ClientsRequest, { ask: 'connect' }>): Promise<void> {
  for (let opened = 0; opened < count; opened += perTurn) {
    const turn = Array.from({ length: Math.min(perTurn, count - opened) }, () => openOne(url, pattern));
    await Promise.all(turn);
  }
}

function openOne(url: string, pattern: string): Promise<void> {
  return new Promise((resolve) => {
    const client = connect(url);
    client.on('error', () => {}); // what matters of it the audit sees
    audits.push(new Audit(client, pattern));
    const undo = client.on('state', ({ name }) => {
      if (name !== 'open') return;
      undo();
      resolve();
    });
  });
}
