/** Benchmark parts run as processes of their own, so that each one's CPU is its own. */

import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { extname } from 'node:path';

export type Child = {
  /** Sends one request and resolves with the answer to it. */
  ask<A>(request: object): Promise<A>;
  stop(): Promise<void>;
};

export type ChildOptions = {
  /** For Node. */
  readonly execArgv?: readonly string[];
  /** The core that it runs on, where there are as many and processes can be bound to them. */
  readonly core?: number;
};

/** Starts the module `name` beside `parent` (an import.meta.url), in whatever form it is there: .ts or built .js. */
export function startChild(name: string, parent: string, { execArgv = [], core }: ChildOptions = {}): Child {
  const file = new URL(`./${name}${extname(new URL(parent).pathname)}`, parent);
  const binding = core !== undefined && canBind() ? ['taskset', '-c', `${core}`] : [];
  const [execPath = process.execPath, ...before] = [...binding, process.execPath];
  const child = fork(file, {
    execPath,
    execArgv: [...before, ...execArgv],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const died = once(child, 'exit').then(([code]) => {
    throw new Error(`${name} ended by itself with code ${code}`);
  });
  died.catch(() => {}); // looked at by whoever waits for an answer
  return {
    async ask<A>(request: object) {
      const answer = nextMessage<A>(child);
      child.send(request);
      return Promise.race([answer, died]);
    },
    async stop() {
      if (child.exitCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

/** Whether `core` has any effect here. */
export function canBind(): boolean {
  return availableParallelism() > 1 && spawnSync('taskset', ['-V']).error === undefined;
}

/** In the child: answers each request of the parent, one after the other. */
export function answerParent(answer: (request: never) => unknown): void {
  process.on('message', async (request) => {
    process.send?.((await answer(request as never)) ?? {});
  });
}

async function nextMessage<A>(child: ChildProcess): Promise<A> {
  const [message] = await once(child, 'message');
  return message as A;
}
