/** Single fields of what a peer sent; every complaint names the field and the value. */

import { ProtocolError } from './codes.ts';
import { wellFormed } from './text.ts';

/** Whatever is optional may be null, for writers that cannot leave things out. */
export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** Only the members that are known by name may be read of it: it may have inherited others. */
export function object(value: unknown, name: string): Record<string, unknown> {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
  if (!isMap) throw bad(name, value, 'a map');
  return value as Record<string, unknown>;
}

export function list(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value) || value.length === 0) throw bad(name, value, 'a list with at least one entry');
  return value;
}

export function string(value: unknown, name: string): string {
  if (typeof value !== 'string') throw bad(name, value, 'a string');
  return value;
}

/** Not empty, and of `maxChars` UTF-16 units at most. */
export function shortString(value: unknown, name: string, maxChars: number): string {
  if (typeof value === 'string' && value.length >= 1 && value.length <= maxChars) return value;
  throw bad(name, value, `a string of 1 to ${maxChars} characters`);
}

export function boolean(value: unknown, name: string): boolean {
  if (typeof value !== 'boolean') throw bad(name, value, 'a boolean');
  return value;
}

export function finite(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw bad(name, value, 'a finite number');
  return value;
}

export function whole(value: unknown, name: string, min = 0, max = Number.MAX_SAFE_INTEGER): number {
  if (isWhole(value) && value >= min && value <= max) return value;
  throw bad(name, value, `a whole number from ${min} to ${max === Number.MAX_SAFE_INTEGER ? '2^53 - 1' : max}`);
}

export function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

export function bad(name: string, value: unknown, wanted: string): ProtocolError {
  return new ProtocolError('badRequest', `${name} must be ${wanted}, got ${show(value)}`);
}

/** Short, printable and safe to log, whatever the peer sent. */
export function show(value: unknown): string {
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  const text = typeof value === 'number' ? `${value}` : (JSON.stringify(value) ?? 'nothing'); // JSON has no NaN
  return text.length > 60 ? `${wellFormed(text.slice(0, 60))}…` : text;
}
