import { expect, test } from 'vitest';
import { showBytes, showCount, showMs, showNumberOf, showShare, showUnit } from '../../../bench/report/show.ts';

test.each<[string, string]>([
  [showCount(1_234_567.8), '1,234,568'],
  [showCount(999), '999'],
  [showMs(0.4142), '0.41 ms'],
  [showMs(41.42), '41.4 ms'],
  [showMs(1234), '1,234 ms'],
  [showMs(12_345), '12.3 s'],
  [showBytes(0), '0 B'],
  [showBytes(1536), '1.50 KiB'],
  [showBytes(24 * 2 ** 30), '24.0 GiB'],
  [showShare(0.314), '31 %'],
  [showUnit(0.5, '%'), '0.5 %'],
  [showUnit(20.5, '1/s'), '20.5/s'],
  [showUnit(10, '1/s'), '10/s'],
  [showUnit(123_456, '1/s'), '123,456/s'],
  [showUnit(2.345, 'us'), '2.35 µs'],
  [showUnit(1.0432, 'times'), '1.04×'],
  [showUnit(5000, ''), '5,000'],
  [showNumberOf(1, 'process', 'processes'), '1 process'],
  [showNumberOf(2000, 'connection'), '2,000 connections'],
])('a number is shown as %s', (shown, expected) => {
  expect(shown).toBe(expected);
});
