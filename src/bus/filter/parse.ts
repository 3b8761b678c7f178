/** From a filter's text to its tree. */

import { type ProtocolError, viewLimits } from '../../protocol/index.ts';
import { badFilter, readToken, type Token } from './token.ts';
import {
  type Comparison,
  comparisonSigns,
  type Expression,
  isKeyword,
  joined,
  keywordLike,
  type Literal,
  type Sign,
} from './tree.ts';

export const filterLimits = {
  maxChars: viewLimits.maxFilterChars,
  maxNodes: 64, // comparisons and entries of lists: bounds what every publication may cost
  maxDepth: 16, // parentheses and `not`; bounds the recursion here and in the test
} as const;

/** Throws ProtocolError badFilter naming the column and what was expected. Takes time linear in the text. */
export function parseExpression(text: string): Expression {
  const { maxChars } = filterLimits;
  if (text.length > maxChars) throw badFilter(maxChars, `expected ${maxChars} characters at most, got ${text.length}`);
  return new Parser(text).whole();
}

class Parser {
  readonly #text: string;
  #token: Token;
  #nodes = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    this.#token = readToken(text, 0);
  }

  whole(): Expression {
    const expression = this.#any();
    if (this.#token.is !== 'end') throw this.#expected('and, or, or the end');
    return expression;
  }

  #any(): Expression {
    const parts = [this.#all()];
    while (this.#takesWord('or')) parts.push(this.#all());
    return joined('or', parts);
  }

  #all(): Expression {
    const parts = [this.#one()];
    while (this.#takesWord('and')) parts.push(this.#one());
    return joined('and', parts);
  }

  #one(): Expression {
    const { at } = this.#token;
    if (this.#takesWord('not')) return { is: 'not', of: this.#deeper(at, () => this.#one()) };
    if (!this.#takesSign('(')) return this.#comparison();
    const inner = this.#deeper(at, () => this.#any());
    if (!this.#takesSign(')')) throw this.#expected('and, or, or )');
    return inner;
  }

  #deeper(at: number, read: () => Expression): Expression {
    const { maxDepth } = filterLimits;
    if (++this.#depth > maxDepth) throw badFilter(at, `expected ${maxDepth} levels of ( and not at most`);
    const inner = read();
    this.#depth--;
    return inner;
  }

  #comparison(): Comparison {
    this.#count();
    const start = this.#token;
    const field = this.#field();
    if (this.#takesWord('in')) return { field, is: 'among', literals: this.#list() };
    if (this.#takesWord('not')) {
      if (!this.#takesWord('in')) throw this.#expected('in');
      return { field, is: 'differs', literals: this.#list() };
    }
    if (this.#takesWord('startsWith')) return { field, is: 'startsWith', text: this.#prefix() };
    const by = this.#sign();
    if (by !== undefined) return { field, is: 'compared', by, literal: this.#literal() };
    if (!this.#mayFollowBareField()) throw this.#noOperator(start);
    return { field, is: 'compared', by: '==', literal: true };
  }

  #field(): string {
    const token = this.#token;
    const isField = token.is === 'name' || (token.is === 'word' && !isKeyword(token.name));
    if (!isField) throw this.#expected('a field, not, or (');
    this.#next();
    return token.name;
  }

  #sign(): Sign | undefined {
    const token = this.#token;
    const sign = token.is === 'sign' ? comparisonSigns.find((known) => known === token.sign) : undefined;
    if (sign !== undefined) this.#next();
    return sign;
  }

  #mayFollowBareField(): boolean {
    const token = this.#token;
    if (token.is === 'word') return token.name === 'and' || token.name === 'or';
    return token.is === 'end' || (token.is === 'sign' && token.sign === ')');
  }

  /** `NOT a == 1` reads as a field called NOT; the mistake is there, not where the operator is missing. */
  #noOperator(start: Token): ProtocolError {
    if (start.is === 'word' && keywordLike(start.name) !== undefined) {
      return this.#expected('a field, not, or (', start);
    }
    return this.#expected(`${comparisonSigns.join(', ')}, in, not in, startsWith, and, or, or the end`);
  }

  #list(): readonly Literal[] {
    if (!this.#takesSign('[')) throw this.#expected('[');
    const literals: Literal[] = [];
    do {
      this.#count();
      literals.push(this.#literal());
    } while (this.#takesSign(','));
    if (!this.#takesSign(']')) throw this.#expected('a comma or ]');
    return literals;
  }

  #prefix(): string {
    const token = this.#token;
    if (token.is !== 'text') throw this.#expected('a text in quotes');
    this.#next();
    return token.value;
  }

  #literal(): Literal {
    const token = this.#token;
    const literal = literalOf(token);
    if (literal === undefined) throw this.#expected('a number, a text in quotes, true, false or null');
    this.#next();
    return literal;
  }

  #count(): void {
    const { maxNodes } = filterLimits;
    if (++this.#nodes <= maxNodes) return;
    throw badFilter(this.#token.at, `expected ${maxNodes} comparisons and entries of lists at most`);
  }

  #takesWord(word: string): boolean {
    const token = this.#token;
    const takes = token.is === 'word' && token.name === word;
    if (takes) this.#next();
    return takes;
  }

  #takesSign(sign: string): boolean {
    const token = this.#token;
    const takes = token.is === 'sign' && token.sign === sign;
    if (takes) this.#next();
    return takes;
  }

  #next(): void {
    this.#token = readToken(this.#text, this.#token.end);
  }

  #expected(what: string, token = this.#token): ProtocolError {
    if (token.is === 'end') return badFilter(token.at, `expected ${what}, got the end`);
    const got = JSON.stringify(this.#text.slice(token.at, Math.min(token.end, token.at + 40)));
    const hint = hintFor(token);
    return badFilter(token.at, `expected ${what}, got ${got}${hint === undefined ? '' : ` (use ${hint})`}`);
  }
}

function literalOf(token: Token): Literal | undefined {
  if (token.is === 'text' || token.is === 'number') return token.value;
  return token.is === 'word' ? literalWords.get(token.name) : undefined;
}

const literalWords: ReadonlyMap<string, Literal> = new Map<string, Literal>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/** What people write who know other languages. */
function hintFor(token: Token): string | undefined {
  if (token.is === 'sign') return signHints.get(token.sign);
  if (token.is !== 'word' || isKeyword(token.name)) return undefined;
  return keywordLike(token.name);
}

const signHints: ReadonlyMap<string, string> = new Map([
  ['=', '=='],
  ['===', '=='],
  ['!==', '!='],
  ['<>', '!='],
  ['=<', '<='],
  ['=>', '>='],
  ['&', 'and'],
  ['&&', 'and'],
  ['|', 'or'],
  ['||', 'or'],
  ['!', 'not'],
  ['“', '"'],
  ['”', '"'],
  ['‘', "'"],
  ['’', "'"],
]);
