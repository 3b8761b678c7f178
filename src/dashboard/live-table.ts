/** One section on the page: rows that change in place, drawn when told to, never more than their limit. */

import type { Cell, Column, Row, Section } from './sections.ts';

export class LiveTable {
  /** Hidden until there is something to show. */
  readonly element: HTMLElement;
  readonly #section: Section;
  readonly #body: HTMLElement;
  readonly #note: HTMLElement;
  readonly #rows = new Map<string, RowView>();
  /** What changed since the last drawing, newest last; only the newest value of each cell is kept. */
  readonly #pending = new Map<string, Record<string, Cell>>();
  #leftOut = 0;

  constructor(section: Section) {
    this.#section = section;
    this.#body = element('tbody');
    this.#note = element('p', 'note');
    this.#note.hidden = true;
    this.element = element('section', section.isBroad === true ? 'broad' : undefined);
    this.element.hidden = true;
    this.element.append(heading(section.title), scroller(section.columns, this.#body), this.#note);
  }

  set({ key, cells }: Row): void {
    const known = this.#pending.get(key);
    this.#pending.delete(key);
    this.#pending.set(key, known === undefined ? { ...cells } : { ...known, ...cells });
    if (this.#pending.size > this.#section.maxRows && this.#section.order === 'newest') this.#forgetOldest();
    else if (this.#pending.size > maxPending) this.#forgetOldest();
  }

  draw(): void {
    if (this.#pending.size === 0) return;
    for (const [key, cells] of this.#pending) this.#row(key)?.show(cells);
    this.#pending.clear();
    this.element.hidden = false;
    this.#note.hidden = this.#leftOut === 0;
    if (this.#leftOut > 0) this.#note.textContent = `Only the first ${this.#section.maxRows} are shown.`;
  }

  #row(key: string): RowView | undefined {
    const known = this.#rows.get(key);
    if (known !== undefined) return known;
    if (this.#rows.size >= this.#section.maxRows && !this.#makeRoom()) return undefined;
    const row = new RowView(key, this.#section.columns);
    const before = this.#section.order === 'newest' ? this.#body.firstChild : this.#placeOf(key);
    this.#body.insertBefore(row.element, before);
    this.#rows.set(key, row);
    return row;
  }

  /** The oldest leaves a list of the newest; a list of names is full. */
  #makeRoom(): boolean {
    const [oldest] = this.#rows;
    if (this.#section.order === 'name' || oldest === undefined) {
      this.#leftOut++;
      return false;
    }
    oldest[1].element.remove();
    this.#rows.delete(oldest[0]);
    return true;
  }

  /** The row that comes after this key; new keys are rare, so a walk will do. */
  #placeOf(key: string): Node | null {
    let place: RowView | undefined;
    for (const row of this.#rows.values()) {
      const isBetween =
        byName.compare(key, row.key) < 0 && (place === undefined || byName.compare(row.key, place.key) < 0);
      if (isBetween) place = row;
    }
    return place?.element ?? null;
  }

  #forgetOldest(): void {
    for (const key of this.#pending.keys()) {
      this.#pending.delete(key);
      return;
    }
  }
}

const maxPending = 5000; // a page in the background is not drawn, and must not grow meanwhile
const byName = new Intl.Collator(undefined, { numeric: true });

class RowView {
  readonly key: string;
  readonly element = element('tr');
  readonly #cells: ReadonlyMap<string, CellView>;

  constructor(key: string, columns: readonly Column[]) {
    this.key = key;
    this.#cells = new Map(columns.map((column) => [column.id, new CellView(column)]));
    for (const cell of this.#cells.values()) this.element.append(cell.element);
  }

  show(cells: Readonly<Record<string, Cell>>): void {
    for (const [id, cell] of Object.entries(cells)) this.#cells.get(id)?.show(cell);
  }
}

class CellView {
  readonly element: HTMLElement;
  #shown: Cell | undefined;
  #isOddFlash = false;

  constructor({ look }: Column) {
    this.element = element('td', look);
  }

  show(cell: Cell): void {
    const before = this.#shown;
    if (before?.text === cell.text) return;
    this.#shown = cell;
    this.element.textContent = cell.text;
    if (before === undefined) return;
    this.#isOddFlash = !this.#isOddFlash;
    this.element.dataset.flash = `${direction(before, cell)}-${this.#isOddFlash ? 'a' : 'b'}`;
  }
}

function direction({ value: before }: Cell, { value: now }: Cell): 'up' | 'down' | 'changed' {
  if (before === undefined || now === undefined || before === now) return 'changed';
  return now > before ? 'up' : 'down';
}

function scroller(columns: readonly Column[], body: HTMLElement): HTMLElement {
  const head = element('tr');
  for (const { title, look } of columns) {
    const cell = element('th', look);
    cell.scope = 'col';
    cell.textContent = title;
    head.append(cell);
  }
  const thead = element('thead');
  thead.append(head);
  const table = element('table');
  table.append(thead, body);
  const scroll = element('div', 'scroll');
  scroll.append(table);
  return scroll;
}

function heading(title: string): HTMLElement {
  const h2 = element('h2');
  h2.textContent = title;
  return h2;
}

function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className?: string,
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  if (className !== undefined) made.className = className;
  return made;
}
