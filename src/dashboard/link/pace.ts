/** How much the page asks for: the reader's wish, and less while nobody looks. */

/** `maxRate`: updates per second and topic; null: all there are. */
export type Pace = { readonly maxRate: number | null; readonly isPaused: boolean };

/** In a tab that nobody sees: enough to be right at a glance, nearly nothing to carry. */
export const hiddenRate = 0.2;

export function paceOf(wishedRate: number | null, isPaused: boolean, isHidden: boolean): Pace {
  const maxRate = isHidden ? Math.min(hiddenRate, wishedRate ?? hiddenRate) : wishedRate;
  return { maxRate, isPaused };
}
