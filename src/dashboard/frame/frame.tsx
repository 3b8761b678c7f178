/** Around every view: where to go, how the connection is, and how much to ask for. */

import { useEffect } from 'preact/hooks';
import { useApp } from './app.ts';
import { Banner } from './banner.tsx';
import { useKeys } from './keys.ts';
import { LinkChip } from './link-chip.tsx';
import { Tools } from './tools.tsx';
import type { View } from './view.ts';

export function Frame({ views }: { readonly views: readonly [View, ...View[]] }) {
  const app = useApp();
  const { view: id } = app.address.place.value;
  const view = views.find((each) => each.id === id) ?? views[0];
  const { theme } = app.settings;
  useEffect(() => {
    document.documentElement.dataset.theme = theme.value;
    app.repaint();
  }, [app, theme.value]);
  useEffect(() => {
    document.title = `${view.title} – Tickwire`;
    app.search.value = '';
  }, [app, view]);
  useKeys();
  return (
    <>
      <button type="button" class="skip" onClick={skipToMain}>
        Skip to the view
      </button>
      <header class="top">
        <p class="brand">
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M1 13h5l3-9 6 17 3-8h5" />
          </svg>
          Tickwire
        </p>
        {view.search !== undefined && (
          <input
            id="search"
            type="search"
            class="search"
            placeholder={`${view.search}  ( / )`}
            aria-label={view.search}
            value={app.search.value}
            onInput={({ currentTarget }) => {
              app.search.value = currentTarget.value;
            }}
          />
        )}
        <LinkChip />
        <Tools />
      </header>
      <nav class="nav" aria-label="Views">
        {views.map(({ id: each, title, icon }) => (
          <a key={each} href={`#/${each}`} aria-current={each === view.id ? 'page' : undefined}>
            <svg viewBox="0 0 24 24" aria-hidden="true">
              <path d={icon} />
            </svg>
            <span>{title}</span>
          </a>
        ))}
      </nav>
      <main id="main" tabIndex={-1} class={`view view-${view.id}`}>
        <h1 class="unseen">{view.title}</h1>
        <Banner />
        <view.Component key={view.id} />
      </main>
    </>
  );
}

function skipToMain(): void {
  document.getElementById('main')?.focus();
}
