/** A filter's text, a token at a time. */

import { ProtocolError } from '../../protocol/index.ts';

/** `at` and `end` are where it begins and what follows it. A `name` is a field in back quotes. */
export type Token = { readonly at: number; readonly end: number } & (
  | { readonly is: 'end' }
  | { readonly is: 'word' | 'name'; readonly name: string }
  | { readonly is: 'text'; readonly value: string }
  | { readonly is: 'number'; readonly value: number }
  | { readonly is: 'sign'; readonly sign: string }
);

/** The first token from `from` on. Throws ProtocolError badFilter for quotes that are not closed and their like. */
export function readToken(text: string, from: number): Token {
  const at = from + matchAt(spaces, text, from).length;
  const first = text[at];
  if (first === undefined) return { is: 'end', at, end: at };
  if (first === '"' || first === "'") return readText(text, at, first);
  if (first === '`') return readName(text, at);
  const word = matchAt(words, text, at);
  if (word !== '') return { is: 'word', at, end: at + word.length, name: word };
  const digits = matchAt(numbers, text, at);
  if (digits !== '') return { is: 'number', at, end: at + digits.length, value: finite(digits, at) };
  const sign = matchAt(signs, text, at);
  return { is: 'sign', at, end: at + sign.length, sign };
}

/** The complaint about what stands at this offset. */
export function badFilter(at: number, complaint: string): ProtocolError {
  return new ProtocolError('badFilter', `filter, column ${at + 1}: ${complaint}`);
}

const spaces = /\s*/y;
const words = /[A-Za-z_][A-Za-z0-9_]*/y;
const numbers = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const signs = /[=!<>&|]+|./suy; // signs that are like operators stay together, so that complaints can name them
const texts = { '"': /"(?:[^"\\]|\\.)*"/sy, "'": /'(?:[^'\\]|\\.)*'/sy } as const;
const names = /`[^`]+`/y;

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

function finite(digits: string, at: number): number {
  const value = Number(digits);
  if (Number.isFinite(value)) return value;
  throw badFilter(at, `expected a number that a double can hold, got ${digits.slice(0, 40)}`);
}

function readName(text: string, at: number): Token {
  const quoted = matchAt(names, text, at);
  if (quoted === '') throw badFilter(at, 'expected a field name and another ` behind it');
  return { is: 'name', at, end: at + quoted.length, name: quoted.slice(1, -1) };
}

function readText(text: string, at: number, quote: '"' | "'"): Token {
  const quoted = matchAt(texts[quote], text, at);
  if (quoted === '') throw badFilter(at, `expected a text and another ${quote} behind it`);
  const value = quoted.slice(1, -1).replace(/\\(u[\dA-Fa-f]{4}|.)/gsu, (written, code: string, offset: number) => {
    if (code.length === 5) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    const meant = escapes.get(code);
    if (meant === undefined) throw badFilter(at + 1 + offset, `expected an escape of JSON, got ${written}`);
    return meant;
  });
  return { is: 'text', at, end: at + quoted.length, value };
}

/** Those of JSON, and the single quote. */
const escapes: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["'", "'"],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);
