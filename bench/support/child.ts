/** Benchmark parts run as processes of their own, so that each one's CPU is its own. */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { extname } from 'node:path';

export type Child = {
  /** Sends one request and resolves with the answer to it. */
  ask<A>(request: object): Promise<A>;
  stop(): Promise<void>;
};

/** Starts the module `name` beside `parent` (an import.meta.url), in whatever form it is there: .ts or built .js. */
export function startChild(name: string, parent: string, execArgv: readonly string[] = []): Child {
  const file = new URL(`./${name}${extname(new URL(parent).pathname)}`, parent);
  const child = fork(file, { execArgv: [...execArgv], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
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
