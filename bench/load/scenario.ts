/** What a scenario is: a file in bench/scenarios, listed in its index. */

import type { LoadPlan } from './plan.ts';
import type { Progress, RunReport } from './report.ts';

export type Scenario = {
  /** As `--scenario` takes it. */
  readonly name: string;
  /** One line for the list in `--help`. */
  readonly summary: string;
  /** Runs everything, one after the other. Throws `BenchError` for what the user must mend. */
  run(stage: Stage): Promise<RunReport[]>;
};

/** What a scenario may use. */
export type Stage = {
  /** What the user asked for by flags; where it says nothing the scenario chooses. */
  readonly wish: PlanWish;
  /** One run of the plan: connect, warm up, measure, stop. */
  load(plan: LoadPlan): Promise<RunReport>;
  progress(progress: Progress): void;
  /** Aborted at Ctrl-C; whatever was started must then be stopped, and nothing is reported. */
  readonly signal: AbortSignal;
};

export type PlanWish = Partial<Omit<LoadPlan, 'label' | 'source' | 'isCompressed' | 'readOneIn'>> & {
  readonly topics?: number;
  readonly rate?: number;
  readonly payloadBytes?: number;
  readonly burst?: number;
  readonly publishers?: number;
};

/** The user's to mend: an address, a limit of the machine, flags that contradict each other. Said without a stack; exit 2. */
export class BenchError extends Error {
  override readonly name = 'BenchError';
}
