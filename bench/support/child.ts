/** Benchmark parts run as processes of their own, so that each one's CPU is its own. */

import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, extname } from 'node:path';

export type Child = {
  readonly pid: number;
  /** Sends one request and resolves with the answer to it; several may be under way. Rejects with what the child threw. */
  ask<A>(request: object): Promise<A>;
  /** At once, whatever it is doing. Twice is harmless. */
  stop(): Promise<void>;
};

export type ChildOptions = {
  /** For Node. */
  readonly execArgv?: readonly string[];
  /** Which of the cores that this process may use; goes round. Of no effect where processes can't be bound. */
  readonly core?: number;
};

/** What the child threw: `name` is that of its class. */
export class ChildError extends Error {
  constructor({ name, message, stack }: Failure) {
    super(message);
    this.name = name;
    if (stack !== undefined) this.stack = stack;
  }
}

type Failure = { readonly name: string; readonly message: string; readonly stack?: string | undefined };
type Request = { readonly id: number; readonly request: object };
type Answer = { readonly id: number } & ({ readonly answer: unknown } | { readonly failure: Failure });
type Waiting = { resolve(answer: unknown): void; reject(error: Error): void };

/** Starts the module `name`, a path from `parent` (an import.meta.url), in whatever form it is there: .ts or built .js. */
export function startChild(name: string, parent: string, { execArgv = [], core }: ChildOptions = {}): Child {
  const file = new URL(`./${name}${extname(new URL(parent).pathname)}`, parent);
  const [execPath = process.execPath, ...before] = [...bindingTo(core), process.execPath];
  const child = fork(file, {
    execPath,
    execArgv: [...before, ...execArgv],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const asked = new Map<number, Waiting>();
  let requests = 0;
  child.on('message', (message) => settle(asked, message as Answer)); // answerParent is at the other end
  const exited = endOf(child, basename(name)).then((error) => {
    for (const { reject } of asked.values()) reject(error);
    return error;
  });
  return {
    pid: child.pid ?? 0,
    ask<A>(request: object) {
      const id = ++requests;
      return new Promise<A>((resolve, reject) => {
        asked.set(id, { resolve: (answer) => resolve(answer as A), reject }); // the child's word is taken for it
        child.send({ id, request } satisfies Request, (error) => {
          if (error !== null) void exited.then(reject);
        });
      });
    },
    async stop() {
      if (!isOver(child)) child.kill('SIGKILL');
      await exited;
    },
  };
}

/** In the child: answers each request of the parent. The child ends with its parent. */
export function answerParent(answer: (request: never) => unknown): void {
  process.once('disconnect', () => process.exit());
  process.on('message', async ({ id, request }: Request) => {
    process.send?.(await answered(id, () => answer(request as never)));
  });
}

/** Whether `core` has any effect here. */
export function canBind(): boolean {
  isBindable ??= availableParallelism() > 1 && spawnSync('taskset', ['-V']).error === undefined;
  return isBindable;
}

let isBindable: boolean | undefined;

function bindingTo(core: number | undefined): string[] {
  if (core === undefined || !canBind()) return [];
  const cores = usableCores();
  return ['taskset', '-c', `${cores[core % cores.length] ?? 0}`];
}

/** A container may be given any of the machine's cores. */
function usableCores(): number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  return list.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}

function endOf(child: ChildProcess, name: string): Promise<Error> {
  return new Promise((resolve) => {
    child.once('error', resolve);
    child.once('exit', (code, signal) => {
      resolve(new Error(`${name} ended by itself with ${code === null ? signal : `code ${code}`}`));
    });
  });
}

function isOver(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function settle(asked: Map<number, Waiting>, message: Answer): void {
  const waiting = asked.get(message.id);
  asked.delete(message.id);
  if ('failure' in message) waiting?.reject(new ChildError(message.failure));
  else waiting?.resolve(message.answer);
}

async function answered(id: number, answer: () => unknown): Promise<Answer> {
  try {
    return { id, answer: (await answer()) ?? {} };
  } catch (error) {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    return { id, failure: { name, message, stack } };
  }
}
