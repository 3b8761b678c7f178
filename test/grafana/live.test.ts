/** The proof: what the boards, recordings and alerts ask for is there, in a real Prometheus over a real Tickwire. */

import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { buildCli, removeCli, startCli } from '../support/built-cli.ts';
import { alerts, boardQueries, builtBoards, recordings, ruleQueries, rules } from '../support/grafana-files.ts';
import { mixedLoadConfig, startMixedLoad } from '../support/mixed-load.ts';
import { type Prometheus, type Sample, startPrometheus } from '../support/prometheus.ts';
import { comparedIn, filledIn } from '../support/promql.ts';
import { needs } from '../support/system-packages.ts';

/** Queries that have no answer while all is well, by what is in them, and why. */
const emptyInHealth: Readonly<Record<string, string>> = {
  'alertname=~': 'nothing fires',
  'absent(': 'the servers are known',
  '> 0': 'a mark for each restart, and there was none',
};

/** Queries that may answer with zeros alone. All others must have something to show. */
const zeroInHealth: Readonly<Record<string, string>> = {
  draining: 'nobody told it to stop',
  process_start_time_seconds: 'it was not started anew',
  tickwire_feed_status: 'the feeds are well',
  tickwire_feed_required: 'no feed is required by default',
  tickwire_feed_rejected_total: 'the feeds keep to their schemas',
  tickwire_feed_errors_total: 'the feeds are well',
  tickwire_feed_restarts_total: 'the feeds are well',
  tickwire_feed_ticks_skipped_total: 'the machine keeps up',
  tickwire_topics_stale: 'the feeds are well',
  tickwire_queue_bytes: 'the kernel takes all that is sent in so short a time',
  tickwire_step_changes_total: 'the laggard became one at the start',
  'reason="slowConsumer"': 'it takes a minute to be evicted',
  'reason="capacity"': 'there is room',
  'level=~"error|fatal"': 'nothing went wrong',
};

const missing = needs('prometheus');

describe.skipIf(missing !== undefined)('over a loaded server', () => {
  const adminToken = 'a-token-of-this-test-alone';
  let folder: string;
  let http: string;
  let server: ReturnType<typeof startCli>;
  let load: Awaited<ReturnType<typeof startMixedLoad>>;
  let prometheus: Prometheus;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tickwire-live-'));
    await writeFile(join(folder, 'tickwire.config.json'), JSON.stringify(mixedLoadConfig));
    await buildCli();
    const env = { TICKWIRE_REPORT_EVERY_MS: '1000', TICKWIRE_ADMIN_TOKEN: adminToken, TICKWIRE_LOG_FORMAT: 'json' };
    server = startCli(['serve', '--port', '0'], { cwd: folder, env });
    http = JSON.parse(await server.line('Tickwire is running')).url;
    load = await startMixedLoad(http, adminToken);
    prometheus = await startPrometheus(new URL(http).host);
    await vi.waitFor(async () => expect(await lastValue('sum_over_time(up[1m])')).toBeGreaterThan(12), {
      timeout: 45_000,
      interval: 500,
    });
  });

  afterAll(async () => {
    await load?.stop();
    await prometheus?.stop();
    server?.child.kill('SIGKILL');
    await server?.done;
    await Promise.all([removeCli(), rm(folder, { recursive: true, force: true })]);
  });

  test.each(boardQueries)('$where', async ({ expr }) => {
    await expectAnswer(filledIn(expr, '10s'));
  });

  test.each(recordings)('$record', async ({ record, expr }) => {
    await expectAnswer(expr);
    await expectAnswer(record);
  });

  test.each(alerts)('$alert', async ({ expr }) => {
    for (const side of comparedIn(expr)) await expectAnswer(side.replace(/ offset \w+/g, '')); // it is younger than that
  });

  test('Prometheus works every rule out without an error', async () => {
    const states = await prometheus.rules();
    expect(states).toHaveLength(rules.length);
    expect(states.filter(({ health, lastError }) => health !== 'ok' || (lastError ?? '') !== '')).toEqual([]);
  });

  test('the variables above each board have values', async () => {
    expect(await prometheus.labelValues('job', 'tickwire_build_info')).toEqual(['tickwire']);
    expect(await prometheus.labelValues('instance', 'tickwire_build_info{job=~"tickwire"}')).toHaveLength(1);
    for (const { board } of builtBoards) {
      const asked = (board.templating.list ?? []).flatMap(({ definition }) => definition ?? []);
      expect(asked).toEqual([
        'label_values(tickwire_build_info, job)',
        'label_values(tickwire_build_info{job=~"$job"}, instance)',
      ]);
    }
  });

  test('Prometheus’s own tool has nothing to say against the page of metrics', async () => {
    const text = await (await fetch(`${http}/metrics`)).text();
    execFileSync('promtool', ['check', 'metrics'], { input: text, stdio: 'pipe' });
  });

  /** Rates are those of ten seconds: on a machine that stood still for as long, the answer comes a little later. */
  async function expectAnswer(expr: string): Promise<void> {
    await vi.waitFor(async () => expect(acceptable(expr), expr).toContain(answerIn(await prometheus.query(expr))), {
      timeout: 15_000,
      interval: 500,
    });
  }

  async function lastValue(expr: string): Promise<number> {
    const [sample] = await prometheus.query(expr).catch(() => []); // it may still be starting
    return Number(sample?.value[1] ?? Number.NaN);
  }
});

test('no excuse outlives its reason', () => {
  const all = [...boardQueries, ...ruleQueries].map(({ expr }) => expr);
  const unused = (excuses: object) => Object.keys(excuses).filter((part) => !all.some((expr) => expr.includes(part)));
  expect([...unused(emptyInHealth), ...unused(zeroInHealth)]).toEqual([]);
});

type Answer = 'something' | 'zeros' | 'nothing';

function acceptable(expr: string): Answer[] {
  const isExcused = (excuses: object) => Object.keys(excuses).some((part) => expr.includes(part));
  if (isExcused(emptyInHealth)) return ['nothing', 'zeros'];
  return isExcused(zeroInHealth) ? ['something', 'zeros'] : ['something'];
}

/** A division by nothing gives NaN, which Grafana draws as no data. */
function answerIn(samples: readonly Sample[]): Answer {
  const numbers = samples.map(({ value }) => Number(value[1])).filter(Number.isFinite);
  if (numbers.length === 0) return 'nothing';
  return numbers.some((number) => number !== 0) ? 'something' : 'zeros';
}
