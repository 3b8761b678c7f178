/** Does nothing, with all of a core, and lets nothing else of this process run meanwhile. */
export function spin(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}
