/** Marks for a moment what changed. Set and taken off again, never animated: sixty fading cells would cost every frame. */

type Lit = { readonly element: HTMLElement; readonly until: number };

const lit: Lit[] = []; // in the order of their ends, for all last equally long

const flashMs = 350;

/** One that is lit is lit again only when it is over: what changes twenty times a second would be lit for ever. */
export function flash(element: HTMLElement, direction: 'up' | 'down'): void {
  if (element.dataset.flash !== undefined) return;
  element.dataset.flash = direction;
  lit.push({ element, until: performance.now() + flashMs });
  if (lit.length === 1) setTimeout(putOut, flashMs);
}

function putOut(): void {
  const now = performance.now();
  const first = lit.findIndex(({ until }) => until > now);
  for (const { element } of lit.splice(0, first < 0 ? lit.length : first)) delete element.dataset.flash;
  const [next] = lit;
  if (next !== undefined) setTimeout(putOut, Math.max(stepMs, next.until - now));
}

const stepMs = 60; // those that end at about the same time end in one frame
