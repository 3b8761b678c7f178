/** What every part of the page may use. */

import { type Signal, signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { forgetColours } from '../draw/colours.ts';
import { FrameMeter, type FrameReading } from '../draw/frame-meter.ts';
import { Painter } from '../draw/painter.ts';
import { Link } from '../link/link.ts';
import { Address } from './address.ts';
import { openSettings, type Settings } from './settings.ts';
import { keptToken } from './token.ts';

export class App {
  readonly address: Address;
  readonly settings: Settings;
  readonly link: Link;
  readonly painter: Painter;
  readonly frames = new FrameMeter();
  readonly isPaused = signal(false);
  /** What the search field of the view holds. */
  readonly search = signal('');
  /** Changes once a second: ages and rates are told no more often. */
  readonly beat = signal(0);
  readonly performance: Signal<PageReading> = signal(noReading);
  #readAt = performance.now();
  #bytes = 0;
  #messages = 0;
  #intakeMs = 0;

  constructor(defaultView: string) {
    this.address = new Address(defaultView);
    this.settings = openSettings(localStorage);
    this.link = new Link(new URL('ws', location.href.replace(/#.*/, '')).href, { token: keptToken() });
    this.painter = new Painter(this.frames);
    this.applyPace();
    setInterval(() => this.#beat(), beatMs);
    addEventListener('visibilitychange', () => this.applyPace());
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.repaint());
  }

  /** The reader's wishes, and whether anybody looks, reach every subscription. */
  applyPace(): void {
    this.link.setPace(this.settings.maxRate.peek(), this.isPaused.peek(), document.hidden);
  }

  repaint(): void {
    forgetColours();
    this.painter.touchAll();
  }

  #beat(): void {
    const now = performance.now();
    const seconds = (now - this.#readAt) / 1000;
    this.#readAt = now;
    this.link.measure(seconds);
    const { bytes, messages, intakeMs } = this.link.meter;
    const intakeMsPerSec = (intakeMs - this.#intakeMs) / seconds;
    this.performance.value = {
      ...this.frames.read(now),
      bytesPerSec: (bytes - this.#bytes) / seconds,
      messagesPerSec: (messages - this.#messages) / seconds,
      intakeMsPerSec,
    };
    [this.#bytes, this.#messages, this.#intakeMs] = [bytes, messages, intakeMs];
    this.beat.value++;
  }
}

/** Of the last second. */
export type PageReading = FrameReading & {
  readonly bytesPerSec: number;
  readonly messagesPerSec: number;
  /** Milliseconds of taking in messages. */
  readonly intakeMsPerSec: number;
};

const beatMs = 1000;
const noReading: PageReading = {
  fps: 0,
  droppedShare: 0,
  meanDrawMs: 0,
  longestDrawMs: 0,
  drawMsPerSec: 0,
  bytesPerSec: 0,
  messagesPerSec: 0,
  intakeMsPerSec: 0,
};

export const AppContext = createContext<App | undefined>(undefined);

export function useApp(): App {
  const app = useContext(AppContext);
  if (app === undefined) throw new Error('useApp() outside of the page');
  return app;
}
