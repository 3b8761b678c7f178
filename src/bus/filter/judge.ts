/** What one comparison says of one value. */

import type { Comparison, Literal, Sign } from './tree.ts';

export type Judge = (value: unknown) => boolean;

/** Undefined is judged as null. Never throws, whatever the value is. */
export function judgeOf(comparison: Comparison): Judge {
  switch (comparison.is) {
    case 'compared':
      return comparedJudge(comparison.by, comparison.literal);
    case 'among':
      return amongJudge(new Set(comparison.literals));
    case 'differs':
      return differsJudge(new Set(comparison.literals));
    case 'startsWith':
      return prefixJudge(comparison.text);
  }
}

function comparedJudge(by: Sign, literal: Literal): Judge {
  if (literal === null) return nullJudge(by);
  if (by === '==') return (value) => value === literal;
  if (by === '!=') return otherJudge(literal);
  switch (typeof literal) {
    case 'number':
      return numberJudge(by, literal);
    case 'string':
      return textJudge(by, literal);
    default:
      return never; // neither of true and false is the greater one
  }
}

type Order = Exclude<Sign, '==' | '!='>;

function never(): boolean {
  return false;
}

function nullJudge(by: Sign): Judge {
  if (by === '==') return (value) => value === null || value === undefined;
  if (by === '!=') return (value) => value !== null && value !== undefined;
  return never;
}

function otherJudge(literal: number | string | boolean): Judge {
  const type = typeof literal;
  return (value) => value !== literal && typeof value === type;
}

// A closure for each operator and type, so that each compares what it always compares and stays fast.

function numberJudge(by: Order, literal: number): Judge {
  switch (by) {
    case '<':
      return (value) => typeof value === 'number' && value < literal;
    case '<=':
      return (value) => typeof value === 'number' && value <= literal;
    case '>':
      return (value) => typeof value === 'number' && value > literal;
    case '>=':
      return (value) => typeof value === 'number' && value >= literal;
  }
}

function textJudge(by: Order, literal: string): Judge {
  switch (by) {
    case '<':
      return (value) => typeof value === 'string' && value < literal;
    case '<=':
      return (value) => typeof value === 'string' && value <= literal;
    case '>':
      return (value) => typeof value === 'string' && value > literal;
    case '>=':
      return (value) => typeof value === 'string' && value >= literal;
  }
}

function amongJudge(literals: ReadonlySet<unknown>): Judge {
  return (value) => literals.has(value ?? null);
}

/** `!=` must hold for at least one of them, which takes a null among them or one of the value's type. */
function differsJudge(literals: ReadonlySet<unknown>): Judge {
  if (literals.has(null)) return (value) => !literals.has(value ?? null);
  const types = new Set<string>([...literals].map((literal) => typeof literal));
  return (value) => types.has(typeof value) && !literals.has(value);
}

function prefixJudge(prefix: string): Judge {
  return (value) => typeof value === 'string' && value.startsWith(prefix);
}
