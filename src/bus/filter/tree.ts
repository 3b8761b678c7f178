/** A filter as a tree, and the tree as text in normal form. */

export type Literal = number | string | boolean | null;

export const comparisonSigns = ['==', '!=', '<', '<=', '>', '>='] as const;
export type Sign = (typeof comparisonSigns)[number];

/** One field against what is written in the filter. `differs` and `among` are `not in` and `in`. */
export type Comparison = { readonly field: string } & (
  | { readonly is: 'compared'; readonly by: Sign; readonly literal: Literal }
  | { readonly is: 'among' | 'differs'; readonly literals: readonly Literal[] }
  | { readonly is: 'startsWith'; readonly text: string }
);

export type Expression =
  | Comparison
  | { readonly is: 'not'; readonly of: Expression }
  | { readonly is: 'and' | 'or'; readonly all: readonly Expression[] };

/** All of them as one expression. */
export function joined(is: 'and' | 'or', all: readonly Expression[]): Expression {
  const [only] = all;
  if (only !== undefined && all.length === 1) return only;
  return { is, all };
}

/** The names of the fields, each once, in the order of their first mention. */
export function fieldsOf(expression: Expression): readonly string[] {
  return [...new Set(comparisonsIn(expression).map(({ field }) => field))];
}

function comparisonsIn(expression: Expression): readonly Comparison[] {
  switch (expression.is) {
    case 'and':
    case 'or':
      return expression.all.flatMap(comparisonsIn);
    case 'not':
      return comparisonsIn(expression.of);
    default:
      return [expression];
  }
}

/** With no more spaces and parentheses than it needs; reads back as the same expression. */
export function textOf(expression: Expression): string {
  switch (expression.is) {
    case 'or':
      return expression.all.map(textOf).join(' or ');
    case 'and':
      return expression.all.map((part) => inside(part, part.is === 'or')).join(' and ');
    case 'not':
      return `not ${inside(expression.of, expression.of.is === 'or' || expression.of.is === 'and')}`;
    default:
      return `${nameText(expression.field)} ${conditionText(expression)}`;
  }
}

function inside(expression: Expression, needsParentheses: boolean): string {
  return needsParentheses ? `(${textOf(expression)})` : textOf(expression);
}

function conditionText(comparison: Comparison): string {
  switch (comparison.is) {
    case 'compared':
      return `${comparison.by} ${JSON.stringify(comparison.literal)}`;
    case 'startsWith':
      return `startsWith ${JSON.stringify(comparison.text)}`;
    default: {
      const list = comparison.literals.map((literal) => JSON.stringify(literal)).join(', ');
      return `${comparison.is === 'among' ? 'in' : 'not in'} [${list}]`;
    }
  }
}

function nameText(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !isKeyword(name) ? name : `\`${name}\``;
}

const keywords: readonly string[] = ['and', 'or', 'not', 'in', 'startsWith', 'true', 'false', 'null'];

/** Words that name no field, unless in back quotes. */
export function isKeyword(word: string): boolean {
  return keywords.includes(word);
}

/** The keyword that someone may have meant, who wrote it in other letters. */
export function keywordLike(word: string): string | undefined {
  return keywords.find((keyword) => keyword.toLowerCase() === word.toLowerCase());
}
