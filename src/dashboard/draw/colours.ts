/** The colours of the style sheet for what is drawn on canvas. */

const names = [
  'text',
  'faint',
  'line',
  'panel',
  'up',
  'down',
  'accent',
  'warn',
  'bad',
  's1',
  's2',
  's3',
  's4',
  's5',
] as const;
export type ColourName = (typeof names)[number];
export type Colours = Readonly<Record<ColourName, string>>;

let known: Colours | undefined;

/** As they are now: of the theme that is shown. */
export function colours(): Colours {
  known ??= readColours();
  return known;
}

/** The theme changed. */
export function forgetColours(): void {
  known = undefined;
}

/** A custom property may be any expression; only a colour that is in use is resolved. */
function readColours(): Colours {
  const probe = document.createElement('i');
  document.body.append(probe);
  const read = Object.fromEntries(
    names.map((name) => {
      probe.style.color = `var(--${name})`;
      return [name, getComputedStyle(probe).color];
    }),
  ) as Record<ColourName, string>; // one entry a name
  probe.remove();
  return read;
}
