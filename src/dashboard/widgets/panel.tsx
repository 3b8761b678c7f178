/** A box with a title, its quality in words, and what it shows. */

import type { ComponentChildren } from 'preact';
import type { Quality } from '../../client/index.ts';
import { useApp } from '../frame/app.ts';
import { toggled } from '../frame/settings.ts';
import type { Tap } from '../link/tap.ts';
import { Badge } from './badge.tsx';
import { worstOf } from './worst.ts';

export type PanelProps = {
  /** Under which the reader's layout remembers it. */
  readonly id: string;
  readonly title: ComponentChildren;
  /** What it shows comes from these. */
  readonly taps?: readonly (Tap | undefined)[];
  /** Besides that of its taps: of one topic among many. */
  readonly quality?: Quality | undefined;
  readonly tools?: ComponentChildren;
  readonly className?: string;
  readonly children: ComponentChildren;
};

export function Panel({ id, title, taps = [], quality, tools, className = '', children }: PanelProps) {
  const { settings } = useApp();
  const isFolded = settings.folded.value.includes(id);
  const isBroad = settings.broad.value.includes(id);
  const open = taps.filter((tap) => tap !== undefined);
  const shown = worstOf([...open.map((tap) => tap.reading.value.quality), ...(quality === undefined ? [] : [quality])]);
  return (
    <section
      class={`panel ${className}${isBroad ? ' broad' : ''}`}
      data-panel={id}
      data-quality={taps.length > 0 ? (shown ?? 'recovering') : undefined}
      aria-labelledby={`panel-${id}`}
    >
      <header class="panel-head">
        <h2 id={`panel-${id}`}>{title}</h2>
        {open.length > 0 && <Badge taps={open} quality={shown} />}
        <span class="panel-tools">
          {!isFolded && tools}
          <button
            type="button"
            class="icon wide-only"
            aria-label={`${isBroad ? 'Usual width' : 'Full width'}: ${id}`}
            aria-pressed={isBroad}
            onClick={() => {
              settings.broad.value = toggled(settings.broad.peek(), id);
            }}
          >
            <svg viewBox="0 0 24 24" aria-hidden="true">
              <path d="M3 12h18M7 8l-4 4 4 4M17 8l4 4-4 4" />
            </svg>
          </button>
          <button
            type="button"
            class="icon"
            aria-label={`${isFolded ? 'Unfold' : 'Fold'}: ${id}`}
            aria-expanded={!isFolded}
            onClick={() => {
              settings.folded.value = toggled(settings.folded.peek(), id);
            }}
          >
            <svg viewBox="0 0 24 24" aria-hidden="true">
              <path d={isFolded ? 'M6 9l6 6 6-6' : 'M6 15l6-6 6 6'} />
            </svg>
          </button>
        </span>
      </header>
      {!isFolded && <div class="panel-body">{children}</div>}
    </section>
  );
}
