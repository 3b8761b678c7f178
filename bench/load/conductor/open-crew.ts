/** Opens a crew: the server, the load processes and every connection, ready to be driven by hand. */

import { sharedMicros } from '../../support/shared-clock.ts';
import { sum } from '../../support/statistics.ts';
import type { Source } from '../plan.ts';
import type { Used } from '../process-use.ts';
import type { Account, Joined, Opened, Sample, WorkerRequest } from '../worker/worker-protocol.ts';
import type { Crew, CrewOptions } from './crew.ts';
import { mergedAccount, mergedJoined, mergedOpened, mergedSample } from './crew-answers.ts';
import { crewOf, openRig, type Rig } from './rig.ts';
import type { Watching } from './run-load.ts';
import { settle } from './settle.ts';

const longestMicros = 24 * 3_600_000_000; // no storm lasts for a day, and timers reach that far

export type CrewRequest = CrewOptions & { readonly source: Source };

/**
 * Resolves when each connection is joined or has failed. Rejects with BenchError for what the user must mend. Once
 * aborted everything is stopped, and whatever is asked of the crew rejects with the signal's reason.
 */
export async function openCrew(request: CrewRequest, { progress, signal }: Watching): Promise<Crew> {
  const connecting = { label: 'crew', phase: 'connecting', done: 0, connections: 0 } as const;
  progress({ ...connecting, phase: 'starting' });
  const rig = await openRig(request, signal);
  try {
    progress(connecting);
    const opened = await rig.processes.open(crewOf(request, rig));
    progress({ ...connecting, done: 1, connections: sum(opened, (one) => one.opened) });
    const fromMicros = sharedMicros();
    const window = { fromMicros, untilMicros: fromMicros + longestMicros };
    await Promise.all([rig.publishing.measure(window), rig.processes.each({ ask: 'measure', window })]);
    return new RiggedCrew(rig, mergedOpened(opened), signal);
  } catch (error) {
    await rig.stop();
    throw signal.aborted ? signal.reason : error;
  }
}

class RiggedCrew implements Crew {
  readonly url: string;
  readonly opened: Opened;
  readonly #rig: Rig;
  readonly #signal: AbortSignal;
  #lastSeq: Readonly<Record<string, number>> = {};

  constructor(rig: Rig, opened: Opened, signal: AbortSignal) {
    this.#rig = rig;
    this.url = rig.target.url;
    this.opened = opened;
    this.#signal = signal;
  }

  async serverRssBytes(): Promise<number | undefined> {
    return (await this.#serverUse())?.rssBytes;
  }

  async serverCpuSec(): Promise<number | undefined> {
    return (await this.#serverUse())?.cpuSec;
  }

  async publish(): Promise<void> {
    await this.#unlessAborted(this.#rig.publishing.begin());
  }

  async silence(): Promise<Readonly<Record<string, number>>> {
    const published = await this.#unlessAborted(this.#rig.publishing.end());
    this.#lastSeq = published?.lastSeq ?? {};
    return this.#lastSeq;
  }

  async drop(): Promise<void> {
    await this.#each({ ask: 'drop' });
  }

  async rejoin({ isResumed }: { isResumed: boolean }): Promise<Joined> {
    return mergedJoined(await this.#each<Joined>({ ask: 'rejoin', isResumed }));
  }

  async unsubscribe(): Promise<Joined> {
    return mergedJoined(await this.#each<Joined>({ ask: 'unsubscribe' }));
  }

  async subscribe(): Promise<Joined> {
    return mergedJoined(await this.#each<Joined>({ ask: 'subscribe' }));
  }

  async snapshots(): Promise<Joined> {
    return mergedJoined(await this.#each<Joined>({ ask: 'snapshots' }));
  }

  async sample(): Promise<Sample> {
    return mergedSample(await this.#each<Sample>({ ask: 'sample' }));
  }

  async account(): Promise<Account> {
    await this.#unlessAborted(settle(this.#rig.processes));
    return mergedAccount(await this.#each<Account>({ ask: 'account', lastSeq: this.#lastSeq }));
  }

  close(): Promise<void> {
    return this.#rig.stop();
  }

  #each<A>(request: WorkerRequest): Promise<A[]> {
    return this.#unlessAborted(this.#rig.processes.each<A>(request));
  }

  #serverUse(): Promise<Used | undefined> {
    return this.#unlessAborted(this.#rig.target.use());
  }

  async #unlessAborted<A>(work: Promise<A>): Promise<A> {
    try {
      return await work;
    } catch (error) {
      throw this.#signal.aborted ? this.#signal.reason : error;
    }
  }
}
