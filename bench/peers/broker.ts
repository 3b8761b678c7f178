/** Runs a broker's program as a child of this process, on this process's cores. */

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Broker, BrokerPorts } from './peer.ts';
import { freePort, listening } from './ports.ts';

export type RunningBroker = {
  readonly pid: number;
  readonly ports: BrokerPorts;
  stop(): Promise<void>;
};

/** Resolves once it listens. It ends with this process, however that ends. */
export async function startBroker(broker: Broker): Promise<RunningBroker> {
  const ports = { subscribers: await freePort(), publishers: await freePort() };
  const folder = await mkdtemp(join(tmpdir(), `tickwire-${broker.name}-`));
  const args = await broker.configure(folder, ports);
  const program = spawn('setpriv', ['--pdeathsig', 'TERM', broker.program.path, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  program.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2000);
  });
  const exited = new Promise<Error>((resolve) => {
    program.once('error', resolve);
    program.once('exit', (code) => resolve(new Error(`${broker.program.path} ended with code ${code}: ${said}`)));
  });
  await Promise.race([listening(ports.subscribers), exited.then((error) => Promise.reject(error))]);
  return {
    pid: program.pid ?? 0,
    ports,
    async stop() {
      program.kill('SIGTERM');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
