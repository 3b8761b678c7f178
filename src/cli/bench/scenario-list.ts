/** The scenarios, by name and for people. */

import { BenchError, type Scenario } from '../../../bench/load/scenario.ts';
import { scenarios } from '../../../bench/scenarios/index.ts';

/** One line for each. */
export function scenarioList(): string {
  const widest = Math.max(0, ...scenarios.map(({ name }) => name.length));
  return scenarios.map(({ name, summary }) => `  ${name.padEnd(widest)}  ${summary}`).join('\n');
}

/** Throws BenchError with the names there are. */
export function scenarioNamed(name: string): Scenario {
  const scenario = scenarios.find((one) => one.name === name);
  if (scenario !== undefined) return scenario;
  const names = scenarios.map((one) => one.name).join(', ');
  throw new BenchError(`--scenario ${name} is none of ${names}`);
}
