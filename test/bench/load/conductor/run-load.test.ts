import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import type { LoadPlan } from '../../../../bench/load/plan.ts';
import type { Progress, RunReport } from '../../../../bench/load/report.ts';
import { loadConfig } from '../../../../src/config.ts';
import { type RunningTickwire, startTickwire } from '../../../../src/main.ts';
import { tlsFiles } from '../../../support/tls-files.ts';
import { type BuiltBench, buildBench, removeBench } from '../support/built-bench.ts';
import { somePlan } from '../support/some-load.ts';

const stops: (() => Promise<void>)[] = [];
let bench: BuiltBench;
beforeAll(async () => {
  bench = await buildBench();
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});
afterAll(removeBench);

const quick: LoadPlan = {
  ...somePlan,
  connections: 12,
  workers: 2,
  source: { kind: 'feed', topics: 4, rate: 100, burst: 4, payloadBytes: 64 },
  warmUpSec: 0.2,
  durationSec: 0.5,
};
const stamped = { topics: 4, rate: 50, burst: 2, payloadBytes: 32 };

test('what a feed publishes comes to everybody once, and the ledger says so', async () => {
  const told: Progress[] = [];
  const { load, label } = await run(quick, told);
  expect(label).toBe('some');
  expect(load.connect).toMatchObject({ asked: 12, opened: 12, failed: {}, lost: 0 });
  expect(load.published).toBe(200);
  expect(load.fairness).toEqual({ least: 200, median: 200, most: 200 });
  expect(load.deliveries).toBe(12 * 200);
  expect(load.ledger).toMatchObject({ lost: 0, missed: 0, duplicates: 0 });
  expect(load.ledger.delivered + load.ledger.conflated).toBeGreaterThanOrEqual(12 * 200);
  expect(load.latency?.ms.count).toBe(12 * 200);
  expect(load.clients).toHaveLength(2);
  expect(load.timeline.map(({ second }) => second)).toEqual([1]);
  expect(load.server?.rssBytes).toBeGreaterThan(10_000_000);
  expect(new Set(told.map(({ phase }) => phase))).toEqual(
    new Set(['starting', 'connecting', 'warming up', 'measuring', 'stopping']),
  );
});

test('clients can publish the load, on a server of our own as on one that opens its topics', async () => {
  const there = await tickwire({ open: true });
  const source = { kind: 'publishers', publishers: 2, ...stamped } as const;
  const url = { kind: 'url', url: there.url, pid: process.pid } as const;
  const both = await Promise.all([run({ ...quick, source }), run({ ...quick, source, target: url })]);
  for (const { load } of both) {
    expect(load.published).toBe(100);
    expect(load.fairness).toEqual({ least: 100, median: 100, most: 100 });
    expect(load.ledger.lost).toBe(0);
    expect(load.publishers).toHaveLength(1);
    expect(load.server?.cpuSec).toBeGreaterThan(0);
  }
});

test('a server that publishes by itself is measured by its own times, and how sure they are is said', async () => {
  const there = await tickwire({ feeds: 'stocks' });
  const { load } = await run({
    ...quick,
    source: { kind: 'existing' },
    target: { kind: 'url', url: there.url },
    patterns: ['market.sim.*.quote'],
  });
  expect(load.published).toBeUndefined();
  expect(load.server).toBeUndefined();
  expect(load.latency?.uncertaintyMs).toBeGreaterThan(0);
  expect(load.latency?.uncertaintyMs).toBeLessThan(1000);
  expect(load.ledger).toMatchObject({ lost: 0, duplicates: 0 });
});

test('what the user must mend is said before anything is measured', async () => {
  const [refusing, foreign, closed] = await Promise.all([httpServer(), foreignServer(), tickwire({})]);
  const at = (url: string): Partial<LoadPlan> => ({ target: { kind: 'url', url }, source: { kind: 'existing' } });
  const publishers = { kind: 'publishers', publishers: 1, ...stamped } as const;
  const cases: [Partial<LoadPlan>, RegExp][] = [
    [at('ws://127.0.0.1:1'), /^cannot connect to ws:\/\/127\.0\.0\.1:1\/ws: .*ECONNREFUSED/],
    [at('mailto:ada'), /^url must begin with ws:.*"mailto:ada"/],
    [at(refusing), /did not open a WebSocket, it answered HTTP 418 I'm a Teapot: short and stout/],
    [at(foreign), /is no Tickwire server: it was offered tickwire\.v1\.msgpack and chose no subprotocol/],
    [{ ...at(closed.url), source: publishers }, /not open for publishing.*"bench\.>" \} to `open`/],
    [{ target: { kind: 'own', server: { lagMs: 'soon' } } }, /^server\.lagMs must be .*got "soon" \(from the plan's/],
    [
      { ...at(closed.url), target: { kind: 'url', url: closed.url, pid: 2 ** 30 } },
      /^no process 1073741824 runs on this machine/,
    ],
    [{ connections: 10_000_000 }, /need 10000064 open files in the server.*`ulimit -n 10000064`/],
  ];
  for (const [spoilt, message] of cases) {
    const fault: unknown = await run({ ...quick, ...spoilt }).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(bench.BenchError);
    expect(fault).toHaveProperty('message', expect.stringMatching(message));
  }
});

test('connections that the server refuses are counted, with its reason', async () => {
  const own = { kind: 'own', server: { maxConnections: 4 } } as const;
  const { load, doubts } = await run({ ...quick, target: own });
  expect(load.connect.opened).toBe(4);
  expect(Object.entries(load.connect.failed)).toEqual([[expect.stringContaining('503'), 8]]);
  expect(doubts.map(({ kind }) => kind)).toContain('connections lost');
});

test('a server that compresses and speaks TLS is read like any other, and by slow readers as well', async () => {
  const { tlsCertFile, tlsKeyFile, remove } = await tlsFiles();
  stops.push(remove);
  const server = { tlsCertFile, tlsKeyFile, compressFromBytes: 1 };
  const { load } = await run({
    ...quick,
    target: { kind: 'own', server },
    slow: { share: 0.25, how: { kind: 'stallFor', seconds: 0.3 } },
  });
  expect(load.ledger.lost).toBe(0);
  expect(load.fairness).toEqual({ least: 200, median: 200, most: 200 });
});

test('a server that dies ends the run, and nothing is left behind', async () => {
  const progress = ({ phase }: Progress) => {
    if (phase === 'measuring') void killServer();
  };
  const long = { ...quick, durationSec: 60 };
  await expect(bench.runLoad(long, { progress, signal: new AbortController().signal })).rejects.toThrow(
    /^server ended/,
  );
  expect(await ourChildren()).toEqual([]);
});

test('aborted it leaves no process behind, wherever it was', async () => {
  for (const phase of ['starting', 'measuring'] as const) {
    const ending = new AbortController();
    const why = new Error(`enough of ${phase}`);
    const progress = (told: Progress) => {
      if (told.phase === phase) ending.abort(why);
    };
    await expect(bench.runLoad(quick, { progress, signal: ending.signal })).rejects.toBe(why);
    expect(await ourChildren()).toEqual([]);
  }
});

async function run(
  plan: LoadPlan,
  told: Progress[] = [],
): Promise<RunReport & { load: NonNullable<RunReport['load']> }> {
  const signal = new AbortController().signal;
  const { load, ...report } = await bench.runLoad(plan, { progress: (progress) => told.push(progress), signal });
  return { ...report, load: load! };
}

async function tickwire({ feeds, open }: { feeds?: string; open?: boolean }): Promise<RunningTickwire> {
  const loaded = await loadConfig({
    cwd: tmpdir(),
    env: {},
    flags: { port: '0', logLevel: 'silent', feeds: feeds ?? 'host' },
  });
  const config = open === true ? { ...loaded, open: [{ pattern: 'bench.>', kind: 'latest' as const }] } : loaded;
  const running = await startTickwire(config);
  stops.push(() => running.stop());
  return running;
}

async function httpServer(): Promise<string> {
  const server = createServer((_, response) => response.writeHead(418).end('short and\n  stout'));
  return listening(server);
}

async function foreignServer(): Promise<string> {
  const server = createServer();
  new WebSocketServer({ server, handleProtocols: () => false });
  return listening(server);
}

async function listening(server: Server): Promise<string> {
  stops.push(async () => void server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function killServer(): Promise<void> {
  const [server] = (await ourChildren()).filter((line) => line.includes('/server.js'));
  process.kill(Number.parseInt(server!, 10), 'SIGKILL');
}

/** Processes of this one that are parts of a run: number and command. */
async function ourChildren(): Promise<string[]> {
  const args = ['--ppid', `${process.pid}`, '-o', 'pid=,args='];
  const { stdout } = await promisify(execFile)('ps', args).catch((none) => none); // ps fails where there are none
  return stdout.split('\n').filter((line: string) => line.includes('/bench/load/'));
}
