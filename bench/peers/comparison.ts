/** All that one run of the command found. */

import type { Machine } from '../load/report.ts';
import type { SideSpec } from './side.ts';
import type { Outcome } from './tournament.ts';

export type Comparison = {
  readonly machine: Machine;
  /** Of the minute before the first run. */
  readonly loadAverage: number;
  /** Of each peer that took part, by its title. */
  readonly versions: readonly { readonly title: string; readonly version: string; readonly offers: string }[];
  readonly leftOut: readonly { readonly title: string; readonly reason: string }[];
  readonly command: string;
  /** ISO 8601. */
  readonly date: string;
  readonly rounds: number;
  readonly seconds: number;
  readonly isBound: boolean;
  readonly sides: readonly SideSpec[];
  readonly outcome: Outcome;
};
