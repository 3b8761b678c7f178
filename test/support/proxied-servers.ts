import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { loadConfig } from '../../src/config.ts';
import { type RunningTickwire, startTickwire } from '../../src/main.ts';

/** Two servers for a proxy to stand before, each with a feed that makes it known. */
export async function twoServers(): Promise<readonly [RunningTickwire, RunningTickwire]> {
  const start = async () => {
    const flags = { port: '0', feeds: 'weather', logLevel: 'silent' };
    const config = await loadConfig({ cwd: tmpdir(), env: {}, flags });
    return startTickwire({ ...config, server: { ...config.server, drainMs: 3000 } });
  };
  return Promise.all([start(), start()]);
}

/** A proxy in the foreground; `stop` ends it and waits. */
export function startProxy(program: string, args: readonly string[]): { readonly stop: () => Promise<void> } {
  const child: ChildProcess = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const exited = once(child, 'exit');
  return {
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
