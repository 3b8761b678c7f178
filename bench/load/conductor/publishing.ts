/** Where the publications of a run come from, running. */

import { type Child, startChild } from '../../support/child.ts';
import type { Source } from '../plan.ts';
import type { PublisherLook, PublisherRequest, SourceRequest } from '../source/source-protocol.ts';
import type { Published } from '../source/tally.ts';
import type { Window } from '../worker/worker-protocol.ts';
import { fromChild } from './errors.ts';
import { coreApart } from './load-processes.ts';
import type { RunningTarget } from './target.ts';

export type Publishing = {
  begin(): Promise<void>;
  /** What is due in the window counts. */
  measure(window: Window): Promise<void>;
  /** What was published; undefined where it is not ours. */
  end(): Promise<Published | undefined>;
  /** The process of the publishers, where there is one. */
  look(): Promise<PublisherLook | undefined>;
  stop(): Promise<void>;
};

/** Rejects with BenchError when publishers can't publish there. */
export async function startPublishing(source: Source, target: RunningTarget): Promise<Publishing> {
  switch (source.kind) {
    case 'existing':
      return notOurs;
    case 'feed':
      return target.own === undefined ? notOurs : controlled(target.own, async () => undefined, notOurs.stop);
    case 'publishers':
      return startPublishers(source, target.url);
  }
}

async function startPublishers(source: Source & { kind: 'publishers' }, url: string): Promise<Publishing> {
  const child = startChild('../source/publisher', import.meta.url, { core: coreApart(0) });
  const { publishers, ...stamped } = source;
  const look = () => child.ask<PublisherLook>({ ask: 'look' } satisfies PublisherRequest);
  try {
    await fromChild(child.ask({ ask: 'connect', url, publishers, stamped } satisfies PublisherRequest));
    return controlled(child, look, () => child.stop());
  } catch (error) {
    await child.stop();
    throw error;
  }
}

function controlled(child: Child, look: Publishing['look'], stop: Publishing['stop']): Publishing {
  const ask = <A>(request: SourceRequest) => fromChild(child.ask<A>(request));
  return {
    begin: async () => void (await ask({ ask: 'start' })),
    measure: async (window) => void (await ask({ ask: 'measure', window })),
    end: () => ask<Published>({ ask: 'stop' }),
    look,
    stop,
  };
}

const notOurs: Publishing = {
  begin: async () => {},
  measure: async () => {},
  end: async () => undefined,
  look: async () => undefined,
  stop: async () => {},
};
