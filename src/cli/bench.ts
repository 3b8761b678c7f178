import type { Command } from 'commander';
import { machine, runLoad, selfTest } from '../../bench/load/index.ts';
import type { BenchReport, RunReport } from '../../bench/load/report.ts';
import { BenchError, type Scenario, type Stage } from '../../bench/load/scenario.ts';
import { checkFlags } from './bench/check-flags.ts';
import { type BenchFlags, benchFlags } from './bench/flags.ts';
import { openOutputs } from './bench/outputs.ts';
import { planOf, wishOf } from './bench/plan.ts';
import { type ProgressLine, progressLine } from './bench/progress-line.ts';
import { scenarioList, scenarioNamed } from './bench/scenario-list.ts';
import { printSelfTest } from './bench/self-test-text.ts';
import { conclude } from './bench/verdict.ts';
import { CliError, messageOf } from './exit.ts';
import type { Io } from './io.ts';

export function setUpBench(command: Command, io: Io): void {
  benchFlags(command)
    .addHelpText('after', examples)
    .action((flags: BenchFlags) => usersToMend(() => bench(flags, io)));
}

const examples = `
It starts a server, loads it from processes of their own, and says what came of
it: latency from the time at which each publication was due, how old the newest
value is, who got how much, whether each publication is accounted for, and whose
CPU was full. With --url it loads a server that is there, by what that publishes
or with --publishers.

Scenarios:
${scenarioList()}

Assertions are a name, one of < <= > >= =, a number and its unit (us, ms, s; B,
KiB, MiB; /s; %). The names:
  p50 p90 p99 p99.9 max (latency), age-p50 age-p99, deliveries,
  deliveries-per-cpu-second, fairness, connect-p99, connections-failed,
  connections-lost, conflated, missed, lost, duplicates, server-cpu,
  server-memory, load-cpu, and the figures of a scenario, with - for spaces and
  marks

Exit codes:
  0 done, and to be trusted
  1 an assertion does not hold, publications were lost, or it failed
  2 wrong or contradicting flags, no such server, a limit of this machine
  3 the numbers must not be believed, whatever was asserted; the reasons come
    last, and stand in the JSON and the page

Examples:
  $ tickwire bench
  $ tickwire bench --connections 1000 --rate 10 --pattern 'bench.t{n}' \\
      --assert 'p99<20ms' --assert lost=0
  $ tickwire bench --slow 5%:stall --html report.html
  $ tickwire bench --repeat 3 --json before.json
  $ tickwire bench --repeat 3 --compare before.json
  $ tickwire bench --url wss://feeds.example.com -c 50 --pattern 'market.>'
  $ tickwire bench --json | jq '.runs[].load.latency.ms'`;

async function bench(flags: BenchFlags, io: Io): Promise<void> {
  checkFlags(flags);
  if (flags.scenario === 'list') {
    io.stdout.write(`${scenarioList()}\n`);
    return;
  }
  const stop = new AbortController();
  const forget = io.onStopSignal(() => stop.abort(new CliError('failed', 'stopped, so nothing is reported')));
  const line = progressLine(io.stderr);
  try {
    if (flags.selfTest === true) await runSelfTest(flags, io, line, stop.signal);
    else await runBench(flags, io, line, stop.signal);
  } finally {
    forget();
  }
}

async function runBench(flags: BenchFlags, io: Io, line: ProgressLine, signal: AbortSignal): Promise<void> {
  const scenario = flags.scenario === undefined ? custom : scenarioNamed(flags.scenario);
  const wish = wishOf(flags);
  if (scenario === custom) planOf(wish); // complains before files are opened
  const outputs = await openOutputs(flags, io);
  const progress = line.show;
  const stage: Stage = { wish, load: (plan) => runLoad(plan, { progress, signal }), progress, signal };
  const startedAt = new Date().toISOString();
  const runs = await allRuns(scenario, stage, flags.repeat ?? 1).finally(line.clear);
  const report: BenchReport = {
    format: 'tickwire-bench/1',
    scenario: scenario.name,
    startedAt,
    machine: machine(),
    runs,
  };
  await outputs.write(report);
  conclude(report, flags.assert ?? [], outputs.say);
}

/** What the flags say and nothing else. */
const custom: Scenario = {
  name: 'custom',
  summary: 'what the flags say',
  run: async ({ wish, load }) => [await load(planOf(wish))],
};

async function allRuns(scenario: Scenario, stage: Stage, times: number): Promise<RunReport[]> {
  const runs: RunReport[] = [];
  for (let done = 0; done < times; done++) runs.push(...(await scenario.run(stage)));
  return runs;
}

async function runSelfTest({ json }: BenchFlags, io: Io, line: ProgressLine, signal: AbortSignal): Promise<void> {
  const lines = await selfTest(line.show, signal).finally(line.clear);
  await printSelfTest(lines, json, io);
}

/** What users must mend is said without a stack, and ends with 2. */
async function usersToMend(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (error instanceof BenchError) throw new CliError('usage', messageOf(error), { cause: error });
    throw error;
  }
}
