/** An element that is drawn by hand, for as long as it is shown. */

import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Drawing } from '../draw/painter.ts';
import { useApp } from './app.ts';

/** The ref is for the element; `draw` may read whatever it likes, and is called when `touch` was. */
export function useDrawing<E extends Element>(
  draw: (element: E) => void,
): { ref: RefObject<E | null>; touch: () => void } {
  const { painter } = useApp();
  const ref = useRef<E>(null);
  const newest = useRef(draw);
  const drawing = useRef<Drawing | undefined>(undefined);
  newest.current = draw;
  useEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const added = painter.add(element, () => newest.current(element));
    drawing.current = added;
    return () => added.remove();
  }, [painter]);
  const touch = useRef(() => drawing.current?.touch());
  return { ref, touch: touch.current };
}
