import { expect, test } from 'vitest';
import { closeCodes, errorCodes, shouldReconnect } from '../../src/protocol/codes.ts';

test('no two rows share a code', () => {
  for (const table of [closeCodes, errorCodes]) {
    const codes = Object.values(table).map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
  }
});

test('a client comes back after every code of the table that says so', () => {
  for (const { code, reconnect } of Object.values(closeCodes))
    expect([code, shouldReconnect(code)]).toEqual([code, reconnect]);
});

test('a client comes back after a connection that broke, and after codes of tomorrow below 4500 only', () => {
  expect([1006, 4000, 4499].map(shouldReconnect)).toEqual([true, true, true]);
  expect([4500, 4999].map(shouldReconnect)).toEqual([false, false]);
});
