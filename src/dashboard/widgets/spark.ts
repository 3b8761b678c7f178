/** A line of a few pixels: which way something went. A path, not a canvas: sixty canvases are sixty layers to put together. */

export const sparkWidth = 84;
export const sparkHeight = 22;

/** `newest` follows the last of `values`; what is not finite is left out. */
export function drawSpark(path: SVGPathElement, values: Float64Array, newest: number): void {
  const line = [...values, newest].filter(Number.isFinite);
  const [first = 0] = line;
  const last = line.at(-1) ?? first;
  path.setAttribute('d', line.length < 2 ? '' : pathOf(line));
  path.dataset.tone = last < first ? 'down' : 'up';
}

function pathOf(line: readonly number[]): string {
  const low = Math.min(...line);
  const range = Math.max(...line) - low || 1;
  const step = (sparkWidth - 2) / (line.length - 1);
  const points = line.map((value, i) => {
    const y = sparkHeight - 2 - ((value - low) / range) * (sparkHeight - 4);
    return `${(1 + i * step).toFixed(1)} ${y.toFixed(1)}`;
  });
  return `M${points.join('L')}`;
}
