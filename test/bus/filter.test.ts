import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseFilter } from '../../src/bus/filter.ts';
import { fromPositions, ProtocolError, type Schema, toPositions } from '../../src/protocol/index.ts';

const quote: Schema = {
  id: 1,
  fields: [
    { name: 'px', type: 'decimal', scale: 2 },
    { name: 'qty', type: 'int' },
    { name: 'temp', type: 'float' },
    { name: 'halted', type: 'bool' },
    { name: 'name', type: 'string' },
    { name: 'side', type: 'enum', values: ['sell', 'buy', 'both'] },
    { name: 'at', type: 'time' },
    { name: 'more', type: 'any' },
    { name: 'odd-name', type: 'int' },
    { name: 'not', type: 'int' },
  ],
};

const full = {
  px: 187.23,
  qty: 5,
  temp: -1.5,
  halted: true,
  name: 'ACME',
  side: 'buy',
  at: 1_767_225_600_000_000,
  more: 'x',
  'odd-name': 7,
  not: 1,
};

const matches = (filter: string, data: unknown, schema = quote) =>
  parseFilter(filter).testOf(schema)(toPositions(schema, data));

test.each([
  'px == 187.23',
  'px >= 187.23 and px <= 187.23',
  'px != 187.24',
  'px > 187.2299999 and px < 187.2300001',
  'px in [1, 187.23]',
  'qty == 5',
  'qty == 5e0',
  'qty == 0.5E+1',
  'temp == -1.5',
  'temp < 0',
  'halted',
  'halted == true',
  'halted != false',
  'name == "ACME"',
  "name == 'ACME'",
  String.raw`name == "\u0041CM\u0045"`,
  'name startsWith "AC"',
  'name startsWith ""',
  'name > "ACM" and name < "ACMF"',
  'name not in ["A", "B"]',
  'side == "buy"',
  'side != "sell"',
  'side != "no such word"',
  'side in ["buy", "sell"]',
  'side not in ["sell"]',
  'side > "both" and side < "sell"',
  'side startsWith "b"',
  'at >= 1767225600000000',
  'more == "x"',
  '`odd-name` == 7',
  '`not` == 1 and not `not` == 2',
  '`qty` == 5',
  'lacking == null',
  'qty == 1 or qty == 5',
  'qty == 5 or qty == 1 and qty == 2',
  'not (qty == 5 and halted == false)',
  'not not halted',
  'qty != null',
  'qty not in ["a", 6]',
  'qty not in [null, 6]',
  '\tqty\n==\r5 ',
  '(((qty==5)))and(halted)',
])('%s', (filter) => {
  expect(matches(filter, full)).toBe(true);
  expect(matches(`not (${filter})`, full)).toBe(false);
});

test.each([
  'px == 187.23000001',
  'px == 18723',
  'px in [187.230000001]',
  'qty == "5"',
  'qty != "5"',
  'qty < "6"',
  'qty == true',
  'qty',
  'name',
  'name > 0',
  'name startsWith "ace"',
  'halted < true',
  'halted > false',
  'side == 1',
  'side == "no such word"',
  'side not in [1, 2]',
  'qty not in ["a", "b"]',
  'qty not in [5, "a"]',
  'qty == null',
  'qty in [null]',
  'qty < null',
  'qty >= null',
  'lacking != 5',
  'lacking',
  'toString != null',
  'qty == 1 and qty == 5 or halted == false',
  'not halted or qty == 1',
])('%s is false', (filter) => {
  expect(matches(filter, full)).toBe(false);
  expect(matches(`not (${filter})`, full)).toBe(true);
});

test.each([
  ['== 5', false],
  ['!= 5', false],
  ['< 5', false],
  ['>= 5', false],
  ['== null', true],
  ['!= null', false],
  ['<= null', false],
  ['in [1, null]', true],
  ['in [1, 2]', false],
  ['not in [1, 2]', false],
  ['not in [1, null]', false],
  ['startsWith ""', false],
  ['== "both"', false],
  ['== false', false],
])('of null, %s is %s, whatever the type', (condition, expected) => {
  for (const { name } of quote.fields) expect(matches(`\`${name}\` ${condition}`, {})).toBe(expected);
});

test('positions that are missing are null', () => {
  for (const filter of ['qty == null', 'qty in [null]', 'not qty != null', 'not qty not in [1]', 'side == null']) {
    expect(parseFilter(filter).testOf(quote)([])).toBe(true);
  }
});

test('an enum index without a word is null', () => {
  const test = parseFilter('side == null').testOf(quote);
  for (const index of [-1, 3, 0.5, null, undefined, 'sell', {}]) {
    expect(test([0, 0, 0, true, '', index])).toBe(true);
  }
  expect(test([0, 0, 0, true, '', 0])).toBe(false);
});

test('a decimal equals the literal that it reads as, and is ordered around it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 9 }), fc.integer({ min: -(10 ** 14), max: 10 ** 14 }), (scale, digits) => {
      const schema: Schema = { id: 2, fields: [{ name: 'x', type: 'decimal', scale }] };
      const holds = (sign: string, step: number) =>
        parseFilter(`x ${sign} ${exactText(digits, scale)}`).testOf(schema)([digits + step]);
      expect(['==', '!=', '<', '<=', '>', '>='].filter((sign) => holds(sign, -1))).toEqual(['!=', '<', '<=']);
      expect(['==', '!=', '<', '<=', '>', '>='].filter((sign) => holds(sign, 0))).toEqual(['==', '<=', '>=']);
      expect(['==', '!=', '<', '<=', '>', '>='].filter((sign) => holds(sign, 1))).toEqual(['!=', '>', '>=']);
    }),
    { numRuns: 2000 },
  );
});

test('a bare value goes by value, and by nothing else', () => {
  const bare: Schema = { id: 3, fields: [{ name: '', type: 'float' }] };
  expect(matches('value > 0.5', 0.75, bare)).toBe(true);
  expect(matches('value > 0.5', 0.25, bare)).toBe(false);
  expect(matches('other == null', 0.75, bare)).toBe(true);
  const level: Schema = { id: 4, fields: [{ name: '', type: 'enum', values: ['low', 'high'] }] };
  expect(matches('value == "high"', 'high', level)).toBe(true);
});

test('of a bare value of any type, other names are own keys of a map', () => {
  const bare: Schema = { id: 5, fields: [{ name: '', type: 'any' }] };
  expect(matches('user startsWith "ad"', { user: 'ada' }, bare)).toBe(true);
  expect(matches('value == "ada"', 'ada', bare)).toBe(true);
  expect(matches('value != null', { user: 'ada' }, bare)).toBe(true);
  expect(matches('`odd-name` == 1', { 'odd-name': 1 }, bare)).toBe(true);
  for (const data of [{ user: null }, {}, ['user'], 'user', 5, null, new Uint8Array(3), Object.create({ user: 'a' })]) {
    expect(parseFilter('user == null').testOf(bare)([data])).toBe(true);
  }
  for (const data of [['x'], new Uint8Array(1), 'x']) expect(matches('`0` == null', data, bare)).toBe(true);
  for (const name of ['toString', 'constructor', '__proto__', 'length', 'hasOwnProperty']) {
    for (const data of [{}, [], 'text', new Uint8Array(1)]) expect(matches(`${name} == null`, data, bare)).toBe(true);
  }
});

test('a field that is called value is one of a map like any other', () => {
  const schema: Schema = { id: 6, fields: [{ name: 'value', type: 'int' }] };
  expect(matches('value == 3', { value: 3 }, schema)).toBe(true);
});

test('the same schema has the same test', () => {
  const filter = parseFilter('qty > 1');
  expect(filter.testOf(quote)).toBe(filter.testOf(quote));
  expect(filter.testOf({ ...quote })).not.toBe(filter.testOf(quote));
});

test('fields are named once, in the order of their mention', () => {
  expect(parseFilter('b > 1 and (a in [1] or not `c d`) and b startsWith "x"').fields).toEqual(['b', 'a', 'c d']);
});

test.each([
  ['a==1', 'a == 1'],
  ['`a` == 1.0e0', 'a == 1'],
  ['a', 'a == true'],
  ["a == 'it\\'s \"x\"'", 'a == "it\'s \\"x\\""'],
  ['a == "\\u0041"', 'a == "A"'],
  ['((a) and ((b)))', 'a == true and b == true'],
  ['a or (b or c)', 'a == true or b == true or c == true'],
  ['(a or b) and c', '(a == true or b == true) and c == true'],
  ['a or (b and c)', 'a == true or b == true and c == true'],
  ['not (a == 1)', 'not a == 1'],
  ['not (not (a))', 'not not a == true'],
  ['not (a or b)', 'not (a == true or b == true)'],
  ['a in [1,"x" , null]', 'a in [1, "x", null]'],
  ['a not  in[true]', 'a not in [true]'],
  ['a startsWith\n"x"', 'a startsWith "x"'],
  ['`a b` == -0', '`a b` == 0'],
  ['`and` == 1e21', '`and` == 1e+21'],
])('%s is written %s', (filter, text) => {
  expect(parseFilter(filter).text).toBe(text);
  expect(parseFilter(text).text).toBe(text);
});

test.each([
  ['', 1, 'expected a field, not, or (, got the end'],
  ['   ', 4, 'expected a field, not, or (, got the end'],
  ['a = 5', 3, 'got "=" (use ==)'],
  ['a === 5', 3, 'got "===" (use ==)'],
  ['a !== 5', 3, 'got "!==" (use !=)'],
  ['a <> 5', 3, 'got "<>" (use !=)'],
  ['a == 1 && b', 8, 'expected and, or, or the end, got "&&" (use and)'],
  ['a || b', 3, 'got "||" (use or)'],
  ['a & b', 3, '(use and)'],
  ['!a', 1, 'expected a field, not, or (, got "!" (use not)'],
  ['a == 1 AND b', 8, 'got "AND" (use and)'],
  ['a Or b', 3, 'got "Or" (use or)'],
  ['NOT a', 1, 'got "NOT" (use not)'],
  ['a and NOT (b)', 7, 'got "NOT" (use not)'],
  ['a IN [1]', 3, 'got "IN" (use in)'],
  ['a startswith "x"', 3, 'got "startswith" (use startsWith)'],
  ['a == TRUE', 6, 'got "TRUE" (use true)'],
  ['a == b', 6, 'expected a number, a text in quotes, true, false or null, got "b"'],
  ['a ==', 5, 'got the end'],
  ['a == .5', 6, 'got "."'],
  ['a == +5', 6, 'got "+"'],
  ['a == “x”', 6, 'got "“" (use ")'],
  ['5 < a', 1, 'expected a field, not, or (, got "5"'],
  ['and', 1, 'expected a field'],
  ['a == 1 or', 10, 'expected a field'],
  ['a not 5', 7, 'expected in, got "5"'],
  ['a in 5', 6, 'expected [, got "5"'],
  ['a in []', 7, 'expected a number'],
  ['a in [1 2]', 9, 'expected a comma or ], got "2"'],
  ['a in [1', 8, 'expected a comma or ], got the end'],
  ['a startsWith 5', 14, 'expected a text in quotes, got "5"'],
  ['(a', 3, 'expected and, or, or ), got the end'],
  ['a)', 2, 'expected and, or, or the end, got ")"'],
  ['a == "x', 6, 'another " behind it'],
  ['a == \'x"', 6, "another ' behind it"],
  ['`a', 1, 'another ` behind it'],
  ['`` == 1', 1, 'expected a field name'],
  ['a == "x\\y"', 8, 'expected an escape of JSON, got \\y'],
  ['a == "x\\u00g0"', 8, 'expected an escape of JSON, got \\u'],
  ['a == "\\😀"', 7, 'expected an escape of JSON, got \\😀'],
  ['a == 1e999', 6, 'expected a number that a double can hold, got 1e999'],
  ['a == 1 😀', 8, 'expected and, or, or the end, got "😀"'],
])('%s is refused at column %i', (filter, column, complaint) => {
  const error = refusalOf(filter);
  expect(error.message).toContain(`filter, column ${column}: expected`);
  expect(error.message).toContain(complaint);
  expect(error.reason).toBe('badFilter');
});

test('it may have 1000 characters, 64 nodes and 16 levels, and no more', () => {
  const long = (chars: number) => `a == "${'x'.repeat(chars - 7)}"`;
  expect(parseFilter(long(1000)).fields).toEqual(['a']);
  expect(refusalOf(long(1001)).message).toBe('filter, column 1001: expected 1000 characters at most, got 1001');

  const comparisons = (count: number) => Array(count).fill('a == 1').join(' or ');
  expect(parseFilter(comparisons(64)).fields).toEqual(['a']);
  expect(refusalOf(comparisons(65)).message).toContain('column 641: expected 64 comparisons and entries of lists');
  const entries = (count: number) => `a in [${Array(count).fill('1').join(',')}]`;
  expect(parseFilter(entries(63)).fields).toEqual(['a']);
  expect(refusalOf(entries(64)).message).toContain('column 133: expected 64 comparisons and entries of lists');

  const levels = (count: number) => `${'not ('.repeat(count / 2)}a${')'.repeat(count / 2)}`;
  expect(parseFilter(levels(16)).fields).toEqual(['a']);
  expect(refusalOf(levels(18)).message).toContain('column 41: expected 16 levels of ( and not at most');
  expect(parseFilter(Array(60).fill('(not a)').join(' and ')).fields).toEqual(['a']);
});

test('a flood is refused at once', () => {
  for (const flood of ['a', '(', 'not ', '"', '`', '\\', 'a and ', '1', '='].map((part) => part.repeat(1_000_000))) {
    const startedAt = performance.now();
    refusalOf(flood);
    expect(performance.now() - startedAt).toBeLessThan(100);
  }
});

test('whatever it is given, it throws nothing but a refusal that names a column of it', () => {
  const pieces = fc.constantFrom(
    ...['a', 'b1', 'and', 'or', 'not', 'in', 'startsWith', 'true', 'null', 'AND', '(', ')', '[', ']', ',', '==', '!='],
    ...['<', '>=', '=', '&&', '!', '"', "'", '`', '"x"', "'y'", '`z w`', '\\', '\\u12', '5', '-1.5e3', '.', ' ', '\n'],
    ...['__proto__', '😀', '\ud800', '1e400'],
  );
  const anything = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join(' ')),
    fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(anything, (text) => {
      try {
        const filter = parseFilter(text);
        expect(parseFilter(filter.text).text).toBe(filter.text);
        expect(filter.testOf(quote)(toPositions(quote, full))).toBeTypeOf('boolean');
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        const column = Number(/^filter, column (\d+): expected ./.exec(error.message)?.[1]);
        expect(column).toBeGreaterThanOrEqual(1);
        expect(column).toBeLessThanOrEqual(text.length + 1);
      }
    }),
    { numRuns: 5000 },
  );
});

type Tree =
  | { field: string; op: string; literals: readonly Literal[] }
  | { not: Tree }
  | { join: 'and' | 'or'; parts: readonly Tree[] };
type Literal = number | string | boolean | null;
type Data = Record<string, unknown>;

test('any expression in any spelling says what its tree says', () => {
  let seen = { true: 0, false: 0 };
  fc.assert(
    fc.property(anyTree, fc.infiniteStream(fc.nat()), fc.array(anyData, { minLength: 8 }), (tree, chances, cases) => {
      const filter = parseFilter(print(tree, chances));
      expect(parseFilter(print(tree, chances)).text).toBe(filter.text);
      expect(parseFilter(filter.text).text).toBe(filter.text);
      for (const data of cases) {
        const values = toPositions(quote, data);
        const expected = holds(tree, fromPositions(quote, values) as Data);
        seen = { ...seen, [`${expected}`]: seen[`${expected}`] + 1 };
        expect(filter.testOf(quote)(values), filter.text).toBe(expected);
        expect(parseFilter(filter.text).testOf(quote)(values)).toBe(expected);
      }
    }),
    { numRuns: 2000 },
  );
  expect(Math.min(seen.true, seen.false)).toBeGreaterThan(1000);
});

function holds(tree: Tree, data: Data): boolean {
  if ('not' in tree) return !holds(tree.not, data);
  if ('join' in tree) {
    const parts = tree.parts.map((part) => holds(part, data));
    return tree.join === 'and' ? !parts.includes(false) : parts.includes(true);
  }
  const value = data[tree.field] ?? null;
  const equals = (literal: Literal) => literal === value;
  const differs = (literal: Literal) =>
    literal !== value && (literal === null || (value !== null && typeof literal === typeof value));
  const [literal = null] = tree.literals;
  const isOrdered = typeof value === typeof literal && (typeof value === 'number' || typeof value === 'string');
  const order = isOrdered && literal !== null ? (value < literal ? -1 : Number(value > literal)) : Number.NaN;
  const verdicts: Record<string, boolean> = {
    '==': equals(literal),
    '!=': differs(literal),
    '<': order < 0,
    '<=': order <= 0,
    '>': order > 0,
    '>=': order >= 0,
    in: tree.literals.some(equals),
    'not in': !tree.literals.some(equals) && tree.literals.some(differs),
    startsWith: typeof value === 'string' && value.startsWith(literal as string),
    bare: value === true,
  };
  return verdicts[tree.op]!;
}

const words = ['', 'a', 'b', 'bo', 'both', 'buy', 'sell', "it's", '"', '\\', '😀', '\u0000\n\u2028'];
const numbers = [0, 1, -1, 5, 0.29, 1.005, 187.23, 187.24, 187.235, -1.5, 1e21, 1e-7, 1_767_225_600_000_000];
const anyLiteral: fc.Arbitrary<Literal> = fc.oneof(
  fc.constantFrom(...words),
  fc.constantFrom(...numbers),
  fc.constantFrom(true, false, null),
);
const anyField = fc.constantFrom(...quote.fields.map(({ name }) => name), 'lacking');
const anyLeaf: fc.Arbitrary<Tree> = fc.oneof(
  fc.record({
    field: anyField,
    op: fc.constantFrom('==', '!=', '<', '<=', '>', '>='),
    literals: fc.tuple(anyLiteral),
  }),
  fc.record({
    field: anyField,
    op: fc.constantFrom('in', 'not in'),
    literals: fc.array(anyLiteral, { minLength: 1, maxLength: 4 }),
  }),
  fc.record({ field: anyField, op: fc.constant('startsWith'), literals: fc.tuple(fc.constantFrom(...words)) }),
  fc.record({ field: anyField, op: fc.constant('bare'), literals: fc.constant([]) }),
);
const anyTree: fc.Arbitrary<Tree> = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    anyLeaf,
    fc.record({ not: tie('tree') }),
    fc.record({ join: fc.constantFrom('and', 'or'), parts: fc.array(tie('tree'), { minLength: 2, maxLength: 3 }) }),
  ),
})).tree;

const orNull = <T>(values: fc.Arbitrary<T>) => fc.option(values, { freq: 4 });
const anyNumber = fc.constantFrom(...numbers);
const anyText = fc.constantFrom(...words);
const anyData: fc.Arbitrary<Data> = fc.record({
  px: orNull(anyNumber),
  qty: orNull(anyNumber),
  temp: orNull(anyNumber),
  halted: orNull(fc.boolean()),
  name: orNull(anyText),
  side: orNull(fc.constantFrom('sell', 'buy', 'both')),
  at: orNull(anyNumber),
  more: orNull(fc.oneof(anyLiteral, fc.constant([1]), fc.constant({ a: 1 }))),
  'odd-name': orNull(anyNumber),
  not: orNull(anyNumber),
});

/** The tree as text, with spaces, quotes and parentheses by chance. */
function print(tree: Tree, chances: Iterator<number>): string {
  const chance = <T>(...choices: T[]): T => choices[chances.next().value % choices.length]!;
  const space = () => chance(' ', '  ', '\t', '\n ');
  const gap = () => chance('', '', space());
  const text = (literal: string) => {
    const quoted = JSON.stringify(literal);
    const single = `'${quoted.slice(1, -1).replaceAll('\\"', chance('"', '\\"')).replaceAll("'", "\\'")}'`;
    return chance(quoted, single);
  };
  const literal = (value: Literal) => {
    if (typeof value === 'string') return text(value);
    return typeof value === 'number' ? chance(String(value), value.toExponential()) : String(value);
  };
  const name = (field: string) => {
    const needsQuotes = field === 'not' || field.includes('-');
    return needsQuotes ? `\`${field}\`` : chance(field, field, `\`${field}\``);
  };
  const leaf = ({ field, op, literals }: Extract<Tree, { op: string }>) => {
    const list = () => `[${gap()}${literals.map(literal).join(`${gap()},${gap()}`)}${gap()}]`;
    if (op === 'bare') return name(field);
    if (op === 'in') return `${name(field)}${space()}in${gap()}${list()}`;
    if (op === 'not in') return `${name(field)}${space()}not${space()}in${gap()}${list()}`;
    if (op === 'startsWith') return `${name(field)}${space()}startsWith${gap()}${text(literals[0] as string)}`;
    return `${name(field)}${gap()}${op}${gap()}${literal(literals[0]!)}`;
  };
  const wrapped = (inner: string) => `(${gap()}${inner}${gap()})`;
  const rank = (node: Tree) => ('join' in node ? (node.join === 'or' ? 0 : 1) : 2);
  const within = (node: Tree, lowest: number): string => {
    const inner = chance(write, write, (same: Tree) => wrapped(write(same)))(node);
    return rank(node) < lowest ? wrapped(inner) : inner;
  };
  const write = (node: Tree): string => {
    if ('not' in node) return `not${space()}${within(node.not, 2)}`;
    if (!('join' in node)) return leaf(node);
    const lowest = node.join === 'or' ? 0 : 1;
    return node.parts.map((part) => within(part, lowest)).join(`${space()}${node.join}${space()}`);
  };
  return write(tree);
}

/** As a person would write it, without going through a double. */
function exactText(digits: number, scale: number): string {
  const padded = `${Math.abs(digits)}`.padStart(scale + 1, '0');
  const point = padded.length - scale;
  const fraction = scale > 0 ? `.${padded.slice(point)}` : '';
  return `${digits < 0 ? '-' : ''}${padded.slice(0, point)}${fraction}`;
}

function refusalOf(filter: string): ProtocolError {
  try {
    parseFilter(filter);
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
  throw new Error(`${filter.slice(0, 100)} was taken`);
}
