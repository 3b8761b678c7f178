/** Runs work whose result nobody uses, in a way that no compiler can know. */

/** What the last run returned. */
export let kept: unknown;

export function runTimes(run: () => unknown, times: number): void {
  for (let i = 0; i < times; i++) kept = run();
}
