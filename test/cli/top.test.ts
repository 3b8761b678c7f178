import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { runCli } from '../../src/cli/program.ts';
import { fitted, fittedTable, narrow } from '../../src/cli/top/fit.ts';
import { frame, type Look, type ViewOptions } from '../../src/cli/top/frame.ts';
import type { Status } from '../../src/cli/top/status.ts';
import { loadConfig } from '../../src/config.ts';
import { type RunningTickwire, startTickwire } from '../../src/main.ts';
import { runInProcess } from '../support/cli-io.ts';
import { TestClient } from '../support/test-client.ts';

const started: RunningTickwire[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((tickwire) => tickwire.stop()));
});

test('whatever clients and feeds are called, and however small the terminal, no line is too long and none too many', () => {
  const name = fc.string({ unit: 'grapheme', maxLength: 60 });
  const sizes = { columns: fc.integer({ min: 1, max: 200 }), rows: fc.integer({ min: 1, max: 60 }) };
  const looks = fc.record({
    ...sizes,
    sdk: name,
    feed: name,
    text: name,
    sessions: fc.nat({ max: 40 }),
    hasHelp: fc.boolean(),
  });
  fc.assert(
    fc.property(looks, ({ columns, rows, hasHelp, ...what }) => {
      const now = look(what);
      const lines = frame({ now, before: now }, { ...plain, columns, rows, hasHelp });
      expect(lines.length).toBeLessThanOrEqual(rows);
      for (const line of lines) expect(/[^\u0020-\u024f…↓–]/.test(line)).toBe(false);
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
    }),
  );
});

test('rates are what rose between two looks, by the time between them', () => {
  const before = look({}, { delivered: 1000, bytes: 0 }, 0);
  const now = look({}, { delivered: 4000, bytes: 2048 }, 2000);
  const [, , , published] = frame({ now, before }, plain);
  expect(published).toContain('delivered 1,500/s, sent 1.0 KiB/s');
});

test('a server without clients has nothing behind its numbers', () => {
  const now = look({ sessions: 0 });
  const [, connections] = frame(
    { now: { ...now, status: { ...now.status, connections: nobody } }, before: now },
    plain,
  );
  expect(connections).toBe('connections   0 of 10 (0 %), peak 3');
});

const nobody = {
  count: 0,
  peak: 3,
  limit: 10,
  encodings: { msgpack: 0 },
  steps: { full: 0 },
  subscriptions: 0,
  queueBytes: 0,
};

test('a server that was started anew has no rates below nothing', () => {
  const lines = frame({ now: look({}, { delivered: 5 }, 1000), before: look({}, { delivered: 9000 }, 0) }, plain);
  expect(lines.join('\n')).not.toMatch(/-\d/);
});

test('with 80 columns sessions are shown without addresses, with 120 with them', () => {
  const now = look({ sessions: 2 });
  const at = (columns: number) => frame({ now, before: now }, { ...plain, columns }).join('\n');
  expect(at(80)).not.toContain('ADDRESS');
  expect(at(120)).toContain('ADDRESS');
  expect(at(80)).toContain('LAG↓');
});

test('more sessions than there is room for leave the keys their place', () => {
  const now = look({ sessions: 40 });
  const lines = frame({ now, before: now }, plain);
  expect(lines).toHaveLength(24);
  expect(lines.at(-1)).toBe('q quit  s sort: lag  p hold still  ? help');
});

test('the column that may give way does, and says so', () => {
  const lines = fittedTable(['A', 'NAME', 'N'], [['1', 'a name that is far too long', '12345']], 20, {
    right: [2],
    flexible: 1,
  });
  expect(lines).toEqual(['A  NAME            N', '1  a name th…  12345']);
  expect(fitted('abcdef', 4)).toBe('abc…');
  expect(narrow('日本\u001b[31m\u202eé')).toBe('??\\u001b[31m\\u202eé');
});

test('once prints one look of a real server as text, without keys', async () => {
  const { url, ws } = await start();
  const client = await TestClient.greeted(ws);
  client.subscribe('iot.>');
  await client.next('data');
  const { code, stdout, stderr } = await run('--once', '--url', url);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^tickwire\/\S+ {2}\S+ {2}up .* ready\nconnections {3}1 of 50,000/);
  expect(stdout).toMatch(/^iot +ok +running /m);
  expect(stdout).not.toContain('q quit');
  expect(stdout).not.toContain('\u001b');
});

test('a server that is not there is said so, with the terminal as it was', async () => {
  const { code, stdout, stderr } = await run('--once', '--url', 'http://127.0.0.1:1');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('cannot reach http://127.0.0.1:1');
});

test('keys sort, hold still, help and quit; a server that goes away is told of until it comes back', async () => {
  const { url, tickwire } = await start();
  const terminal = new Terminal();
  const ended = runCli(['top', '--url', url, '--interval', '50ms'], terminal.io);
  await terminal.shows('LAG↓');
  terminal.press('s');
  await terminal.shows('QUEUED↓');
  terminal.press('?');
  await terminal.shows('this list, and back');
  terminal.press('?');
  terminal.press('p');
  await terminal.shows('held still');
  terminal.press('p');
  terminal.resize(120, 40);
  await terminal.shows('ADDRESS');
  await tickwire.stop();
  await terminal.shows('cannot reach');
  terminal.press('q');
  expect(await ended).toBe(0);
  expect(terminal.written.startsWith('\u001b[?1049h\u001b[?25l')).toBe(true);
  expect(terminal.written.endsWith('\u001b[?25h\u001b[?1049l')).toBe(true);
});

/** A terminal that keeps what is on it. */
class Terminal {
  written = '';
  #columns = 80;
  #rows = 24;
  #onKey: (key: string) => void = () => {};
  #onResize: () => void = () => {};
  readonly io: Parameters<typeof runCli>[1];

  constructor() {
    const terminal = this;
    this.io = {
      stdin: (async function* () {})(),
      stdout: {
        isTTY: true,
        get columns() {
          return terminal.#columns;
        },
        get rows() {
          return terminal.#rows;
        },
        write(text: string) {
          terminal.written += text;
        },
      },
      stderr: { write: () => {} },
      env: { NO_COLOR: '1' },
      cwd: tmpdir(),
      onStopSignal: () => () => {},
      onKey: (handler) => {
        this.#onKey = handler;
        return () => {};
      },
      onResize: (handler) => {
        this.#onResize = handler;
        return () => {};
      },
      onStrayError: () => () => {},
      exitNow(code) {
        throw new Error(`exitNow(${code})`);
      },
    };
  }

  press(key: string): void {
    this.#onKey(key);
  }

  resize(columns: number, rows: number): void {
    this.#columns = columns;
    this.#rows = rows;
    this.#onResize();
  }

  /** Waits until the picture has it. */
  shows(text: string): Promise<void> {
    return expect
      .poll(() => this.written.slice(this.written.lastIndexOf('\u001b[H')), { timeout: 5000 })
      .toContain(text);
  }
}

const plain: ViewOptions = {
  address: 'ws://127.0.0.1:9000',
  sort: 'lag',
  isPaused: false,
  hasHelp: false,
  columns: 80,
  rows: 24,
  paint: (_, text) => text,
};

type What = { sdk?: string; feed?: string; text?: string; sessions?: number };

function look({ sdk = 'a', feed = 'f', text = '', sessions = 1 }: What, counts: object = {}, atMs = 0): Look {
  const ledger = { published: 0, delivered: 0, conflated: 0, filtered: 0, missed: 0, pending: 0 };
  const session = {
    id: 'abcdefghijkl',
    encoding: 'msgpack',
    sdk,
    address: '127.0.0.1',
    connectedMs: 1,
    bufferedBytes: 0,
  };
  const status: Status = {
    server: 'tickwire/0.1.0',
    uptimeSec: 5,
    ready: true,
    reasons: [],
    connections: { ...nobody, count: 1, encodings: { msgpack: 1 }, steps: { full: 1 }, subscriptions: 1 },
    counts: {
      publications: 0,
      encodes: 0,
      delivered: 0,
      conflated: 0,
      filtered: 0,
      missed: 0,
      messages: 0,
      bytes: 0,
      ...counts,
    },
    feeds: [
      {
        name: feed,
        status: 'ok',
        text,
        activity: 'running',
        ticks: 0,
        published: 0,
        rejected: 0,
        errors: 0,
        restarts: 0,
        isRequired: false,
      },
    ],
    process: { cpuSec: 0, rssBytes: 1, loopDelayMs: 0 },
    sessions: Array.from({ length: sessions }, () => ({
      ...session,
      lagMs: 0,
      step: 'full',
      stepMs: 0,
      ledger,
      subscriptions: [],
    })),
  };
  return { status, atMs };
}

async function start() {
  const config = await loadConfig({ cwd: tmpdir(), env: {}, flags: { port: '0', feeds: 'iot', logLevel: 'silent' } });
  const tickwire = await startTickwire(config);
  started.push(tickwire);
  return { tickwire, url: tickwire.url, ws: `${tickwire.url.replace('http', 'ws')}/ws` };
}

function run(...args: string[]) {
  return runInProcess(['top', ...args], { cwd: tmpdir() });
}
