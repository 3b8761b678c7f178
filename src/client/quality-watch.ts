/** How good a subscription's picture is, and telling it whenever that changes. */

import type { Micros } from '../protocol/frames.ts';
import type { ClientEvents } from './client-api.ts';
import { type Quality, qualityOf } from './quality.ts';
import type { Route } from './route.ts';

export type QualityWatchParts = {
  readonly isDegraded: boolean;
  serverNow(): Micros;
  emit(event: 'quality', value: ClientEvents['quality']): void;
};

export class QualityWatch {
  readonly #pattern: string;
  readonly #parts: QualityWatchParts;
  readonly #noted = new Set<Route>();
  #told: Quality = 'recovering';

  constructor(pattern: string, parts: QualityWatchParts) {
    this.#pattern = pattern;
    this.#parts = parts;
  }

  of(route: Route, isUpToDate: boolean): Quality {
    const { isDegraded } = this.#parts;
    return qualityOf({ isUpToDate: isUpToDate && route.isSure, condition: route.condition, isDegraded });
  }

  /** Stale only when all of the topics are. */
  ofAll(isUpToDate: boolean, routes: ReadonlyMap<string, Route>): Quality {
    const { isDegraded } = this.#parts;
    const known = [...routes.values()].filter(({ isSettled }) => isSettled);
    const isStale = known.length > 0 && known.every(({ condition }) => condition === 'stale');
    return qualityOf({ isUpToDate, condition: isStale ? 'stale' : 'live', isDegraded });
  }

  /** The connection is gone: of the next one every topic counts as live until it is said to be stale. */
  forget(): void {
    this.#noted.clear();
  }

  /** This topic fell silent, or speaks again: told as soon as the subscription is up to date. */
  note(route: Route): void {
    this.#noted.add(route);
  }

  tell(isUpToDate: boolean, routes: ReadonlyMap<string, Route>): void {
    if (isUpToDate) this.#tellTopics();
    const state = this.ofAll(isUpToDate, routes);
    if (state === this.#told) return;
    this.#told = state;
    this.#parts.emit('quality', { pattern: this.#pattern, state, since: this.#parts.serverNow() });
  }

  #tellTopics(): void {
    const noted = [...this.#noted];
    this.#noted.clear();
    for (const route of noted) {
      const { conditionSince: since, topic } = route;
      this.#parts.emit('quality', { pattern: this.#pattern, topic: topic.name, state: this.of(route, true), since });
    }
  }
}
