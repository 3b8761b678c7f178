/** What the page can't do without, and this browser has not; undefined when it has everything. */
export function missingFeature(): string | undefined {
  if (!('WebSocket' in globalThis)) return 'WebSocket';
  if (!('IntersectionObserver' in globalThis && 'ResizeObserver' in globalThis)) return 'observers of what is in sight';
  if (!CSS.supports('color', 'light-dark(red, blue)')) return 'CSS light-dark()';
  if (!('toSorted' in Array.prototype)) return 'Array.toSorted';
  return undefined;
}
