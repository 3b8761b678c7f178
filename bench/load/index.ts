/** The load harness: one run of a plan, connections driven by hand, and the proof that it notices its own faults. */

export type { Crew, CrewOptions } from './conductor/crew.ts';
export { machine } from './conductor/machine.ts';
export { type CrewRequest, openCrew } from './conductor/open-crew.ts';
export { runLoad, type Watching } from './conductor/run-load.ts';
export { type SelfTestLine, selfTest } from './conductor/self-test.ts';
export type * from './plan.ts';
export type * from './report.ts';
export { BenchError } from './scenario.ts';
