/** The live picture: draws it over and over, hears keys, and leaves the terminal as it was. */

import { type SessionOrder, sessionOrders } from '../connection-list.ts';
import type { Io } from '../io.ts';
import { type Colour, frame, type Look, type ViewOptions } from './frame.ts';

export type ScreenParts = {
  readonly io: Io;
  readonly address: string;
  readonly sort: SessionOrder;
  readonly intervalMs: number;
  readonly hasColour: boolean;
  readonly look: (sort: SessionOrder) => Promise<Look>;
  /** What went wrong with a look, in words. */
  readonly complaint: (error: unknown) => string;
};

const enter = '\u001b[?1049h\u001b[?25l'; // another screen, without a cursor
const leave = '\u001b[?25h\u001b[?1049l';
const codes: Record<Colour, string> = { title: '1', good: '32', bad: '33', dim: '2' };

export class Screen {
  readonly #parts: ScreenParts;
  #sort: SessionOrder;
  #isPaused = false;
  #hasHelp = false;
  #trouble: string | undefined;
  #now: Look | undefined;
  #before: Look | undefined;
  #wake: () => void = () => {};
  #isOver = false;

  constructor(parts: ScreenParts) {
    this.#parts = parts;
    this.#sort = parts.sort;
  }

  /** Until q or a signal. */
  async run(first: Look): Promise<void> {
    const { io } = this.#parts;
    const undo = [
      io.onStopSignal(() => this.#end()),
      io.onKey((key) => this.#press(key)),
      io.onResize(() => this.#draw()),
    ];
    io.stdout.write(enter);
    try {
      this.#took(first);
      while (!this.#isOver) {
        await this.#rest();
        if (!this.#isOver && !this.#isPaused) await this.#look();
      }
    } finally {
      for (const each of undo) each();
      io.stdout.write(leave);
    }
  }

  async #look(): Promise<void> {
    try {
      this.#took(await this.#parts.look(this.#sort));
    } catch (error) {
      this.#trouble = `${this.#parts.complaint(error)} Trying again; q quits.`;
      this.#before = undefined; // rates over the time away would mean nothing
      this.#draw();
    }
  }

  #took(look: Look): void {
    this.#before = this.#now;
    this.#now = look;
    this.#trouble = undefined;
    this.#draw();
  }

  #press(key: string): void {
    if (key === 'q' || key === '\u0003') this.#end();
    else if (key === 'p') this.#isPaused = !this.#isPaused;
    else if (key === '?' || key === 'h') this.#hasHelp = !this.#hasHelp;
    else if (key === 's') {
      this.#sort = sessionOrders[(sessionOrders.indexOf(this.#sort) + 1) % sessionOrders.length] ?? 'lag';
      this.#wake();
    } else return;
    this.#draw();
  }

  #end(): void {
    this.#isOver = true;
    this.#wake();
  }

  /** Until the next look is due, or something calls for it. */
  #rest(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#parts.intervalMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #draw(): void {
    const now = this.#now;
    if (now === undefined || this.#isOver) return;
    const { stdout } = this.#parts.io;
    const options: ViewOptions = {
      address: this.#parts.address,
      sort: this.#sort,
      isPaused: this.#isPaused,
      hasHelp: this.#hasHelp,
      columns: stdout.columns ?? 80,
      rows: stdout.rows ?? 24,
      trouble: this.#trouble,
      paint: (colour, text) => (this.#parts.hasColour ? `\u001b[${codes[colour]}m${text}\u001b[0m` : text),
    };
    const lines = frame({ now, before: this.#before ?? now }, options);
    stdout.write(`\u001b[H${lines.map((line) => `${line}\u001b[K`).join('\r\n')}\u001b[J`);
  }
}
