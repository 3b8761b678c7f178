import { describe, expect, test } from 'vitest';
import type { Comparison } from '../../../bench/peers/comparison.ts';
import { experimentIds, sides } from '../../../bench/peers/experiments.ts';
import { renderResults } from '../../../bench/peers/markdown.ts';
import { judge } from '../../../bench/peers/promises.ts';
import type { Run } from '../../../bench/peers/side.ts';

describe('results', () => {
  test('whoever is best is bold, though it is not Tickwire', () => {
    const text = renderResults(comparison({ tickwire: 2, bare: 3 }));
    expect(rowOf(text, 'Millions of deliveries per CPU-second of the server', 'bare uWebSockets.js')).toContain(
      '**3.000 (3.000–3.000)**',
    );
    expect(rowOf(text, '## Tickwire to each peer', 'bare uWebSockets.js')).toContain('**0.67 (0.67–0.67)**');
    expect(rowOf(text, '## Tickwire to each peer', 'NATS server')).toContain('| 2.00 (2.00–2.00) |');
  });

  test('a peer that was left out is named with the reason', () => {
    const text = renderResults({ ...comparison({}), leftOut: [{ title: 'mosquitto', reason: 'no apt-get here' }] });
    expect(text).toContain('| mosquitto | **left out**: no apt-get here |');
  });

  test('a side that lost messages shows how many arrived', () => {
    const lossy = comparison({}, (run) => ({ ...run, deliveries: run.expected / 4 }));
    expect(rowOf(renderResults(lossy), '## Each by itself', 'NATS server')).toContain('| 25.00 (25.00–25.00) |');
  });

  test('whose CPU was full is said of each side', () => {
    const busy = comparison({}, (run) => ({ ...run, cpuSec: { server: 0.95, publisher: 0, clients: 0.99 } }));
    expect(renderResults(busy)).toContain(
      'Tickwire: the server’s and the clients’; bare uWebSockets.js: the server’s and',
    );
  });

  test('a machine that was busy before makes the figures doubtful, in bold', () => {
    expect(renderResults(comparison({}))).not.toContain('busy');
    const text = renderResults({ ...comparison({}), loadAverage: 3 });
    expect(text).toContain('**The machine was busy with something else (load average 3.0');
  });

  test('a run of some peers leaves no empty bars and no figures that are not there', () => {
    const { outcome, ...rest } = comparison({});
    const few = new Map(
      [...outcome].map(([id, runs]) => [id, new Map([...runs].filter(([side]) => side === 'tickwire'))]),
    );
    const text = renderResults({ ...rest, outcome: few, sides: sides.filter(({ id }) => id === 'tickwire') });
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe('promises', () => {
  test('each is kept when Tickwire is ahead by enough', () => {
    const { outcome } = comparison({ tickwire: 4, 'tickwire-joining': 4 });
    expect(judge(outcome).filter(({ isKept }) => !isKept)).toEqual([]);
    expect(judge(outcome)).toHaveLength(13);
  });

  test('one is missed for the peer that is ahead, and says by how much', () => {
    const { outcome } = comparison({ tickwire: 4, nats: 8, 'tickwire-joining': 4 });
    expect(judge(outcome).filter(({ isKept }) => !isKept)).toMatchObject([
      { what: expect.stringContaining('nats'), limit: '≥ 1', measured: '0.50' },
    ]);
  });

  test('what was not measured is not judged', () => {
    expect(judge(new Map())).toEqual([]);
  });
});

/** Each side delivers so many millions a CPU-second in each run; 1 where nothing is said. */
function comparison(speeds: Readonly<Record<string, number>>, change: (run: Run) => Run = (run) => run): Comparison {
  const runsOf = (id: string) => [1, 2, 3].map(() => change(run(speeds[id] ?? 1)));
  return {
    machine: { cpu: 'some CPU', cores: 2, memoryBytes: 1e9, system: 'Linux', node: '20.0.0', tickwire: '1.0.0' },
    versions: [{ title: 'Tickwire', version: '1.0.0', offers: 'keeps its word.' }],
    loadAverage: 0.1,
    leftOut: [],
    command: 'npm run bench:peers',
    date: '2026-01-01T00:00:00.000Z',
    rounds: 3,
    seconds: 1,
    isBound: true,
    sides,
    outcome: new Map(experimentIds.map((id) => [id, new Map(sides.map((side) => [side.id, runsOf(side.id)]))])),
  };
}

function run(millions: number): Run {
  return {
    published: 1000,
    deliveries: millions * 1e6,
    expected: millions * 1e6,
    closed: 0,
    seconds: 1,
    cpuSec: { server: 1, publisher: 0, clients: 0.5 },
    serverRssBytes: 1e8,
    latencyMs: { count: 1000, p50: 1, p90: 2, p99: 4, p999: 8, max: 16 },
  };
}

/** The first row of that title behind a text. */
function rowOf(text: string, behind: string, title: string): string | undefined {
  const lines = text.slice(text.indexOf(behind)).split('\n');
  return lines.find((line) => line.startsWith(`| ${title} |`));
}
