/** Queries as Prometheus reads them: whether they parse, which series they name, and what their comparisons compare. */

import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

/** What Grafana puts in for its variables before it asks. */
export function filledIn(expr: string, rateInterval = '1m'): string {
  return expr.replaceAll('$__rate_interval', rateInterval).replaceAll('$job', 'tickwire').replaceAll('$instance', '.+');
}

/** Where the text stops being PromQL; undefined if it never does. */
export function syntaxErrorIn(expr: string): string | undefined {
  let found: string | undefined;
  parser.parse(expr).iterate({
    enter({ type, from }) {
      if (type.isError) found ??= `at ${from}: ${expr.slice(from, from + 20)}`;
    },
  });
  return found;
}

/** Names of the series that it selects. */
export function seriesNamesIn(expr: string): string[] {
  const names: string[] = [];
  parser.parse(expr).iterate({
    enter({ node }) {
      const name = node.name === 'VectorSelector' ? node.getChild('Identifier') : null;
      if (name !== null) names.push(expr.slice(name.from, name.to));
    },
  });
  return names;
}

/**
 * An alert's expression is empty in health, for its comparisons hold nowhere. What they compare must be there all the
 * same, or the alert can never fire.
 */
export function comparedIn(expr: string): string[] {
  const top = parser.parse(expr).topNode.firstChild;
  return top === null ? [] : comparedBelow(top, expr);
}

const comparisons = ['Gtr', 'Gte', 'Lss', 'Lte', 'Eql', 'Neq'];
const setOperators = ['And', 'Or', 'Unless'];

function comparedBelow(node: SyntaxNode, expr: string): string[] {
  if (node.name === 'ParenExpr' && node.firstChild !== null) return comparedBelow(node.firstChild, expr);
  const { firstChild: left, lastChild: right } = node;
  if (node.name !== 'BinaryExpr' || left === null || right === null) return [expr.slice(node.from, node.to)];
  if (hasChild(node, setOperators)) return [...comparedBelow(left, expr), ...comparedBelow(right, expr)];
  if (!hasChild(node, comparisons)) return [expr.slice(node.from, node.to)];
  return [left, right].map(({ from, to }) => expr.slice(from, to)).filter((side) => seriesNamesIn(side).length > 0);
}

function hasChild(node: SyntaxNode, names: readonly string[]): boolean {
  return names.some((name) => node.getChild(name) !== null);
}
