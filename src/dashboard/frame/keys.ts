/** Keys that work everywhere: `/` searches, Escape clears the search. Nothing else is taken from the reader. */

import { useEffect } from 'preact/hooks';
import { useApp } from './app.ts';

export function useKeys(): void {
  const app = useApp();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const field = document.getElementById('search');
      if (event.key === '/' && !isTyping(event.target) && field !== null) {
        event.preventDefault();
        field.focus();
      } else if (event.key === 'Escape' && event.target === field) {
        app.search.value = '';
        field?.blur();
      }
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [app]);
}

/** Arrows, Home and End move along the items of a list whose rows have `data-item`; true when the key was one of them. */
export function moveAlong(event: KeyboardEvent, list: Element): boolean {
  const items = [...list.querySelectorAll<HTMLElement>('[data-item]')];
  const at = items.indexOf((event.target as Element).closest<HTMLElement>('[data-item]') ?? (items[0] as HTMLElement));
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to === undefined) return false;
  event.preventDefault();
  const item = items[Math.max(0, Math.min(items.length - 1, to))];
  item?.focus();
  item?.scrollIntoView({ block: 'nearest' });
  return true;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
