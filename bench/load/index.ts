/** The load harness: one run of a plan, connections driven by hand, and the proof that it notices its own faults. */

export type { Crew, CrewOptions } from './crew.ts';
export { machine } from './machine.ts';
export { type CrewRequest, openCrew } from './open-crew.ts';
export type * from './plan.ts';
export type * from './report.ts';
export { runLoad, type Watching } from './run-load.ts';
export { BenchError } from './scenario.ts';
export { type SelfTestLine, selfTest } from './self-test.ts';
