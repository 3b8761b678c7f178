import type { Micros, Rng } from '../../src/feed/index.ts';
import { instruments } from './instruments.ts';
import type { RngSource } from './market-factors.ts';

/** What strikes a symbol out of the blue. Shares are of its price, seconds those of the clock. */
export type Incident =
  | { readonly kind: 'news'; readonly haltSec: number; readonly auctionSec: number; readonly jump: number }
  | { readonly kind: 'crash'; readonly fall: number; readonly fallSec: number; readonly recoverSec: number };

type Plot = {
  /** On average. */
  readonly everySec: number;
  /** `all`: of all named symbols one is struck, listed or not, so that it does not matter what else is listed. */
  readonly among: 'all' | 'listed';
  readonly incident: Incident;
};

/** What may be played; `calm` has nothing but the market itself. */
export const scenarios = {
  calm: undefined,
  // Often enough for a newcomer to see one, seldom enough for it to be an event.
  normal: { everySec: 600, among: 'all', incident: { kind: 'news', haltSec: 60, auctionSec: 10, jump: 0 } },
  'halt-demo': { everySec: 60, among: 'listed', incident: { kind: 'news', haltSec: 15, auctionSec: 5, jump: 0 } },
  'news-shock': { everySec: 120, among: 'listed', incident: { kind: 'news', haltSec: 60, auctionSec: 10, jump: 0.06 } },
  'flash-crash': {
    ...{ everySec: 180, among: 'listed' },
    incident: { kind: 'crash', fall: 0.08, fallSec: 10, recoverSec: 120 },
  },
} as const satisfies Record<string, Plot | undefined>;
export type ScenarioName = keyof typeof scenarios;
export const scenarioNames = Object.keys(scenarios) as ScenarioName[];

/** One incident in the life of one symbol. */
export type Strike = { readonly symbol: string; readonly incident: Incident };

/** Decides when something happens to whom. */
export class Scenario {
  readonly #plot: Plot | undefined;
  readonly #rng: Rng;
  readonly #symbols: readonly string[];
  #due: Micros;

  constructor(name: ScenarioName, listed: readonly string[], start: Micros, rng: RngSource) {
    this.#plot = scenarios[name];
    this.#rng = rng(`scenario/${name}`);
    this.#symbols = this.#plot?.among === 'all' ? instruments.map(({ symbol }) => symbol) : listed;
    this.#due = start + (this.#plot?.everySec ?? 0) * 1e6 * this.#rng.float();
  }

  /** What strikes now; call it once a step. */
  strike(now: Micros): Strike | undefined {
    if (this.#plot === undefined || now < this.#due) return undefined;
    this.#due = now + this.#plot.everySec * 1e6 * (0.8 + 0.4 * this.#rng.float());
    const symbol = this.#rng.pick(this.#symbols);
    const isUp = this.#rng.float() < 0.5;
    return { symbol, incident: turned(this.#plot.incident, isUp) };
  }
}

/** News are good or bad; a crash is a crash. */
function turned(incident: Incident, isUp: boolean): Incident {
  return incident.kind === 'news' && !isUp ? { ...incident, jump: -incident.jump } : incident;
}
