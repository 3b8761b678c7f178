/** The page's body: hands each update to the section that shows it, and draws once an animation frame. */

import { LiveTable } from './live-table.ts';
import { type Section, sections, type Update } from './sections.ts';

export class Board {
  readonly #tables: readonly (readonly [Section, LiveTable])[];
  #isScheduled = false;

  constructor(place: Element) {
    this.#tables = sections.map((section) => [section, new LiveTable(section)] as const);
    place.append(...this.#tables.map(([, table]) => table.element));
  }

  show(update: Update): void {
    const segments = update.topic.split('.');
    for (const [section, table] of this.#tables) {
      const rows = section.rows(update, segments);
      if (rows === undefined) continue;
      for (const row of rows) table.set(row);
      this.#schedule();
      return;
    }
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    requestAnimationFrame(() => {
      this.#isScheduled = false;
      for (const [, table] of this.#tables) table.draw();
    });
  }
}
