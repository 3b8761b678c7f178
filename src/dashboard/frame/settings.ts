/** What the reader chose, kept in this browser. */

import { effect, type Signal, signal } from '@preact/signals';

export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];
export const zones = ['local', 'utc'] as const;
export type Zone = (typeof zones)[number];

export type Settings = {
  readonly theme: Signal<Theme>;
  readonly zone: Signal<Zone>;
  /** Updates per second and topic at most; null: all there are. */
  readonly maxRate: Signal<number | null>;
  /** Symbols on top of the watch list. */
  readonly pins: Signal<readonly string[]>;
  /** Panels that are folded up, and panels that take the whole width, by id. */
  readonly folded: Signal<readonly string[]>;
  readonly broad: Signal<readonly string[]>;
};

/** `storage`: localStorage, or what stands for it where there is none. */
export function openSettings(storage: Pick<Storage, 'getItem' | 'setItem'>): Settings {
  const kept = readKept(storage);
  const settings: Settings = {
    theme: signal(oneOf(themes, kept.theme)),
    zone: signal(oneOf(zones, kept.zone)),
    maxRate: signal(rateIn(kept.maxRate)),
    pins: signal(textsIn(kept.pins)),
    folded: signal(textsIn(kept.folded)),
    broad: signal(textsIn(kept.broad)),
  };
  effect(() => {
    const now = Object.fromEntries(Object.entries(settings).map(([name, { value }]) => [name, value]));
    try {
      storage.setItem(storageKey, JSON.stringify(now));
    } catch {
      // A browser that keeps nothing (private, full) still shows the page; the choice lasts as long as it.
    }
  });
  return settings;
}

/** The list with the text, or without it if it was there. */
export function toggled(list: readonly string[], text: string): readonly string[] {
  return list.includes(text) ? list.filter((each) => each !== text) : [...list, text].slice(-maxKept);
}

const storageKey = 'tickwire.dashboard';
const maxKept = 200;

/** Anybody may have written there. */
function readKept(storage: Pick<Storage, 'getItem'>): Record<string, unknown> {
  try {
    const kept: unknown = JSON.parse(storage.getItem(storageKey) ?? '{}');
    return typeof kept === 'object' && kept !== null ? { ...kept } : {};
  } catch {
    return {};
  }
}

function oneOf<const T extends readonly [string, ...string[]]>(words: T, kept: unknown): T[number] {
  return words.find((word) => word === kept) ?? words[0];
}

function rateIn(kept: unknown): number | null {
  return typeof kept === 'number' && kept >= 0.01 && kept <= 1000 ? kept : null;
}

function textsIn(kept: unknown): readonly string[] {
  return Array.isArray(kept) ? kept.filter((each) => typeof each === 'string').slice(0, maxKept) : [];
}
