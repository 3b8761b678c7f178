/** One text on the page that is written by hand: only when it differs, and with a flash where that says something. */

import { flash } from './flash.ts';

export class TextCell {
  readonly #element: HTMLElement;
  #text = '';

  constructor(element: HTMLElement) {
    this.#element = element;
  }

  /** True when it was another text before. */
  show(text: string): boolean {
    if (text === this.#text) return false;
    this.#text = text;
    this.#element.textContent = text;
    return true;
  }

  flash(direction: 'up' | 'down'): void {
    flash(this.#element, direction);
  }

  tone(tone: 'up' | 'down' | ''): void {
    if (this.#element.dataset.tone !== tone) this.#element.dataset.tone = tone;
  }
}
