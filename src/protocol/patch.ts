/** What changed between two values of one schema, and how to apply it. */

/**
 * Position, value, position, value … of what changed; undefined when sending all values is no longer than that.
 * The sizes are MessagePack's, estimated: a few bytes may be misjudged, never what the values are.
 */
export function patchOf(before: readonly unknown[], after: readonly unknown[]): unknown[] | undefined {
  const { length } = after;
  if (before.length !== length || length > maxPosition) return undefined;
  const changes: unknown[] = [];
  const budget = { left: maxLooks };
  let cost = baseBytes - headerBytes(length);
  let spared = 0;
  for (let i = 0; i < length; i++) {
    const value = after[i];
    const bytes = sharedBytes(before[i], value, budget);
    if (bytes > 0) {
      spared += bytes;
      continue;
    }
    cost += unsignedBytes(i);
    changes.push(i, value);
  }
  return spared > cost + headerBytes(changes.length) ? changes : undefined;
}

/**
 * A new array: `before` with the changes applied. Throws RangeError for changes that are not pairs of a position and
 * a value, before anything grows beyond 65,536 positions.
 */
export function applyPatch(before: readonly unknown[], changes: readonly unknown[]): unknown[] {
  if (changes.length % 2 !== 0) {
    throw new RangeError(`changes must be pairs of a position and a value, got ${changes.length} entries`);
  }
  const values = before.slice();
  for (let i = 0; i < changes.length; i += 2) {
    const position = changes[i];
    if (!isPosition(position)) throw notPosition(i, position);
    while (values.length < position) values.push(null); // missing positions read as null
    values[position] = changes[i + 1];
  }
  return values;
}

const maxPosition = 65_535; // no schema has that many fields; bounds what one small frame makes a client allocate

function isPosition(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= maxPosition;
}

function notPosition(i: number, value: unknown): RangeError {
  const got = typeof value === 'number' ? value : typeof value;
  return new RangeError(`changes[${i}] must be a whole number from 0 to ${maxPosition}, got ${got}`);
}

const baseBytes = 3; // PATCH's `base`, while a topic has had fewer than 65,536 publications
const maxLooks = 1024; // comparing so many nested values takes microseconds; encoding them again takes longer

/**
 * How many bytes at least both take on the wire if they are equal, else 0. What is too large to compare within the
 * budget counts as unequal.
 */
function sharedBytes(one: unknown, other: unknown, budget: { left: number }): number {
  if (Object.is(one, other)) return scalarBytes(other);
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return 0;
  if (--budget.left < 0) return 0;
  if (Array.isArray(one)) return Array.isArray(other) ? sharedListBytes(one, other, budget) : 0;
  if (one instanceof Uint8Array) return other instanceof Uint8Array ? sharedBinaryBytes(one, other, budget) : 0;
  return isMap(one) && isMap(other) ? sharedMapBytes(one, other, budget) : 0;
}

function sharedListBytes(one: readonly unknown[], other: readonly unknown[], budget: { left: number }): number {
  if (one.length !== other.length) return 0;
  let sum = headerBytes(other.length);
  for (let i = 0; i < other.length; i++) {
    const bytes = sharedBytes(one[i], other[i], budget);
    if (bytes === 0) return 0;
    sum += bytes;
    if (--budget.left < 0) return 0;
  }
  return sum;
}

function sharedMapBytes(
  one: Readonly<Record<string, unknown>>,
  other: Readonly<Record<string, unknown>>,
  budget: { left: number },
): number {
  const keys = Object.keys(other);
  if (Object.keys(one).length !== keys.length) return 0;
  let sum = headerBytes(keys.length);
  for (const key of keys) {
    const bytes = Object.hasOwn(one, key) ? sharedBytes(one[key], other[key], budget) : 0;
    if (bytes === 0) return 0;
    sum += bytes + scalarBytes(key);
    if (--budget.left < 0) return 0;
  }
  return sum;
}

function sharedBinaryBytes(one: Uint8Array, other: Uint8Array, budget: { left: number }): number {
  const { length } = other;
  budget.left -= length >> 4; // bytes are compared many times faster than values
  if (one.length !== length || budget.left < 0) return 0;
  for (let i = 0; i < length; i++) if (one[i] !== other[i]) return 0;
  return 2 + length;
}

function isMap(value: object): value is Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Of what is no scalar, the least that it can be. */
function scalarBytes(value: unknown): number {
  if (typeof value === 'number') return numberBytes(value);
  return typeof value === 'string' ? textBytes(value.length) : 1;
}

function numberBytes(value: number): number {
  if (value >>> 0 === value) return unsignedBytes(value);
  if (value >> 0 !== value) return 9; // a float, or an integer beyond 32 bits
  if (value >= -0x20) return 1;
  if (value >= -0x80) return 2;
  return value >= -0x8000 ? 3 : 5;
}

function unsignedBytes(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x100) return 2;
  return value < 0x10000 ? 3 : 5;
}

/** In UTF-8 a UTF-16 unit takes a byte at least. */
function textBytes(units: number): number {
  if (units < 0x20) return 1 + units;
  if (units < 0x100) return 2 + units;
  return (units < 0x10000 ? 3 : 5) + units;
}

/** Of a list or map. */
function headerBytes(length: number): number {
  return length < 16 ? 1 : 3;
}
