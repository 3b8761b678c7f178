import type { Scenario } from '../load/scenario.ts';

/** Every scenario of `tickwire bench`. To add one: write scenarios/<name>.ts, list it here. */
export const scenarios: readonly Scenario[] = [];
