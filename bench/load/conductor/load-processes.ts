/** The processes that hold the connections, asked all at once. */

import { availableParallelism } from 'node:os';
import { type Child, startChild } from '../../support/child.ts';
import type { CrewPlan, Opened, WorkerRequest } from '../worker/worker-protocol.ts';

export type WholeCrew = Omit<CrewPlan, 'firstNumber'>;

export class LoadProcesses {
  readonly #children: readonly Child[];

  /** `apart`: on any core but the first, which is the server's. */
  constructor(count: number, apart: boolean) {
    this.#children = Array.from({ length: count }, (_, i) =>
      startChild('../worker/worker', import.meta.url, apart ? { core: coreApart(i) } : {}),
    );
  }

  /** The connections are shared out as evenly as can be, numbered through. */
  open(crew: WholeCrew): Promise<Opened[]> {
    const shares = evenShares(crew.connections, this.#children.length);
    let firstNumber = 0;
    const opening = this.#children.map((child, i) => {
      const connections = shares[i] ?? 0;
      const request: WorkerRequest = { ask: 'open', crew: { ...crew, connections, firstNumber } };
      firstNumber += connections;
      return child.ask<Opened>(request);
    });
    return Promise.all(opening);
  }

  /** The answers, in the order of the processes. */
  each<A>(request: WorkerRequest): Promise<A[]> {
    return Promise.all(this.#children.map((child) => child.ask<A>(request)));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#children.map((child) => child.stop()));
  }
}

/** Goes round over all cores but the first; that one where there is no other. */
export function coreApart(index: number): number {
  const others = availableParallelism() - 1;
  return others < 1 ? 0 : 1 + (index % others);
}

/** `evenShares(10, 3)`: 4, 3, 3. */
export function evenShares(total: number, parts: number): number[] {
  return Array.from({ length: parts }, (_, i) => Math.floor(total / parts) + (i < total % parts ? 1 : 0));
}
