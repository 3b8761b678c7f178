/** `p99<20ms`: what a run must hold, as it is typed and as it is judged. */

import type { RunReport } from '../load/report.ts';
import { BenchError } from '../load/scenario.ts';
import { type Measure, measures, measuresOf } from './measures.ts';
import { showUnit } from './show.ts';

export type Assertion = {
  /** As it was typed. */
  readonly text: string;
  readonly name: string;
  readonly operator: Operator;
  readonly value: number;
  readonly unit: string;
};

const operators = {
  '<': (found: number, limit: number) => found < limit,
  '<=': (found: number, limit: number) => found <= limit,
  '>': (found: number, limit: number) => found > limit,
  '>=': (found: number, limit: number) => found >= limit,
  '=': (found: number, limit: number) => found === limit,
};
type Operator = keyof typeof operators;

/** name, operator, number, unit; spaces between them as you like. Throws BenchError saying what is wrong with it. */
export function parseAssertion(text: string): Assertion {
  const [, name = '', operator = '', digits, unit = ''] = grammar.exec(text) ?? [];
  if (digits === undefined || !isOperator(operator)) {
    throw new BenchError(
      `"${text}" is no assertion: it must be a name, one of < <= > >= =, a number and its unit, such as p99<20ms`,
    );
  }
  return { text, name, operator, value: Number(digits), unit };
}

const grammar = /^\s*([a-z][a-z0-9.-]*)\s*(<=|>=|<|>|=)\s*(\d+(?:\.\d+)?)\s*([a-zA-Z%/]*)\s*$/;

function isOperator(text: string): text is Operator {
  return Object.hasOwn(operators, text);
}

/** What one unit is of the unit that a measure has. */
const units: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  us: { us: 1, ms: 1000, s: 1_000_000 },
  ms: { us: 0.001, ms: 1, s: 1000 },
  s: { us: 0.000_001, ms: 0.001, s: 1 },
  bytes: { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, KB: 1e3, MB: 1e6, GB: 1e9 },
  '1/s': { '/s': 1, '': 1 },
  '%': { '%': 1 },
  times: { x: 1, '': 1 },
  '': { '': 1 },
};

/** Throws BenchError for a name that no measure has, or a unit that does not go with it. */
export function checkAssertion(assertion: Assertion, known: readonly Measure[] = measures): void {
  limitOf(assertion, measureOf(assertion, known));
}

export type Judgement = { readonly assertion: Assertion; readonly ok: boolean; readonly message: string };

/** Each must hold in every run that knows its measure. Throws BenchError when none does. */
export function judge(assertions: readonly Assertion[], runs: readonly RunReport[]): Judgement[] {
  return assertions.flatMap((assertion) => {
    const measure = measureOf(assertion, runs.flatMap(measuresOf));
    const found = runs.flatMap((run) => judgeRun(assertion, measure, run) ?? []);
    if (found.length > 0) return found;
    throw new BenchError(`"${assertion.text}" can't be judged: ${assertion.name} is not known of this run`);
  });
}

function judgeRun(assertion: Assertion, measure: Measure, run: RunReport): Judgement | undefined {
  const found = measure.of(run);
  if (found === undefined) return undefined;
  const ok = operators[assertion.operator](found, limitOf(assertion, measure));
  const shown = `${assertion.name} is ${showUnit(found, measure.unit)}`;
  return {
    assertion,
    ok,
    message: `${run.label}: ${shown}, and ${assertion.text.trim()} ${ok ? 'holds' : 'does not hold'}`,
  };
}

function measureOf({ text, name }: Assertion, known: readonly Measure[]): Measure {
  const measure = known.find((one) => one.name === name);
  if (measure !== undefined) return measure;
  const names = [...new Set(known.map((one) => one.name))].join(', ');
  throw new BenchError(`"${text}" is about "${name}", which is none of ${names}`);
}

function limitOf({ text, value, unit }: Assertion, measure: Measure): number {
  const known = units[measure.unit] ?? { [measure.unit]: 1 };
  const factor = known[unit];
  if (factor !== undefined) return value * factor;
  const names = Object.keys(known).map((one) => (one === '' ? 'no unit' : one));
  throw new BenchError(`"${text}" has the unit "${unit}", and ${measure.name} takes ${names.join(', ')}`);
}
