/** The server that is measured, running. */

import { serverUrl } from '../../../src/client/server-url.ts';
import { type Child, startChild } from '../../support/child.ts';
import type { Target } from '../plan.ts';
import { type Used, useOf } from '../process-use.ts';
import { BenchError } from '../scenario.ts';
import type { FedBy, Listening, ServerLook, ServerRequest } from '../source/source-protocol.ts';
import { fromChild } from './errors.ts';
import { probe } from './probe.ts';

export type RunningTarget = {
  /** Of its WebSocket endpoint. */
  readonly url: string;
  /** Undefined where it can't be known. */
  use(): Promise<Used | undefined>;
  /** The process of an own server. */
  readonly own: Child | undefined;
  stop(): Promise<void>;
};

/** Rejects with BenchError when nothing that can be measured is there, or an own server can't be told so. */
export function startTarget(target: Target, source: FedBy, signal: AbortSignal): Promise<RunningTarget> {
  return target.kind === 'own' ? startOwn(target, source) : findThere(target, signal);
}

async function startOwn({ server }: Target & { kind: 'own' }, source: FedBy): Promise<RunningTarget> {
  const child = startChild('../source/server', import.meta.url, { core: 0 });
  try {
    const request: ServerRequest = { ask: 'listen', server, source };
    const { url } = await fromChild(child.ask<Listening>(request));
    return {
      url: serverUrl(url),
      use: async () => useOf(child.pid) ?? (await child.ask<ServerLook>({ ask: 'look' } satisfies ServerRequest)),
      own: child,
      stop: () => child.stop(),
    };
  } catch (error) {
    await child.stop();
    throw error;
  }
}

async function findThere({ url, pid }: Target & { kind: 'url' }, signal: AbortSignal): Promise<RunningTarget> {
  if (pid !== undefined) mustRun(pid);
  return {
    url: await probe(url, signal),
    use: async () => (pid === undefined ? undefined : useOf(pid)),
    own: undefined,
    stop: async () => {},
  };
}

function mustRun(pid: number): void {
  try {
    process.kill(pid, 0);
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EPERM'; // of another user
    if (!isThere) throw new BenchError(`no process ${pid} runs on this machine, so its CPU and memory can't be known`);
  }
}
