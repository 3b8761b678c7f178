/** A line of values over the seconds, for a terminal. */

import asciichart from 'asciichart';

const heightRows = 8;
const labelChars = 9;
const widestChars = 66; // with labels and axis less than 80

/** Empty for less than two values, of which no line can be drawn. */
export function plot(title: string, values: readonly number[]): string {
  if (values.length < 2) return '';
  const columns = fitted(values, widestChars);
  const top = Math.max(...columns);
  const lines = asciichart.plot(columns, {
    min: 0,
    max: top > 0 ? top : 1,
    height: heightRows,
    offset: 2,
    format: (value) => value.toFixed(top < 10 ? 2 : top < 1000 ? 1 : 0).padStart(labelChars),
  });
  const trimmed = lines.split('\n').map((line) => line.trimEnd());
  return [title, ...trimmed, axis(values.length, columns.length)].map((line) => `${line}\n`).join('');
}

/** Narrow lines are stretched, wide ones keep the highest of what falls together. */
function fitted(values: readonly number[], width: number): number[] {
  if (values.length <= width) {
    const times = Math.max(1, Math.min(6, Math.floor(width / values.length)));
    return values.flatMap((value) => Array.from({ length: times }, () => value));
  }
  return Array.from({ length: width }, (_, i) => {
    const from = Math.floor((i * values.length) / width);
    const to = Math.floor(((i + 1) * values.length) / width);
    return Math.max(...values.slice(from, Math.max(from + 1, to)));
  });
}

function axis(seconds: number, columns: number): string {
  const first = '1 s';
  const last = `${seconds} s`;
  return `${' '.repeat(labelChars + 2)}${first}${last.padStart(Math.max(last.length + 1, columns - first.length))}`;
}
