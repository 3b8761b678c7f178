/** How much to ask for, how to show it: pause, rate, theme, time zone. */

import { fixed } from '../format.ts';
import { useApp } from './app.ts';
import { themes, zones } from './settings.ts';

/** Updates per second and topic that the slider stops at; null: all there are. */
const rates: readonly (number | null)[] = [0.2, 0.5, 1, 2, 5, 10, 20, null];

export function Tools() {
  const app = useApp();
  const { maxRate, theme, zone } = app.settings;
  const isPaused = app.isPaused.value;
  return (
    <div class="tools">
      <button
        type="button"
        class="icon"
        aria-pressed={isPaused}
        aria-label={isPaused ? 'Go on' : 'Pause'}
        title={isPaused ? 'Go on' : 'Pause'}
        onClick={() => {
          app.isPaused.value = !app.isPaused.peek();
          app.applyPace();
        }}
      >
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d={isPaused ? 'M7 4l13 8-13 8z' : 'M8 5v14M16 5v14'} />
        </svg>
      </button>
      <label class="rate" title="At most so many updates a second of each topic; events are never held back">
        <span class="unseen">Updates per second and topic</span>
        <input
          type="range"
          min={0}
          max={rates.length - 1}
          value={rates.indexOf(maxRate.value) < 0 ? rates.length - 1 : rates.indexOf(maxRate.value)}
          aria-valuetext={rateText(maxRate.value)}
          onInput={({ currentTarget }) => {
            maxRate.value = rates[Number(currentTarget.value)] ?? null;
            app.applyPace();
          }}
        />
        <output>{rateText(maxRate.value)}</output>
      </label>
      <select
        class="wide-only"
        aria-label="Time zone"
        value={zone.value}
        onChange={({ currentTarget }) => {
          zone.value = zones.find((each) => each === currentTarget.value) ?? 'local';
          app.repaint();
        }}
      >
        <option value="local">Local</option>
        <option value="utc">UTC</option>
      </select>
      <button
        type="button"
        class="icon"
        aria-label={`Theme: ${theme.value}`}
        title={`Theme: ${theme.value}`}
        onClick={() => {
          theme.value = themes[(themes.indexOf(theme.peek()) + 1) % themes.length] ?? 'auto';
        }}
      >
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d={themeIcons[theme.value]} />
        </svg>
      </button>
    </div>
  );
}

const themeIcons = {
  auto: 'M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18',
  light: 'M12 8a4 4 0 1 0 0 8 4 4 0 1 0 0-8zM12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M5 19l2-2M17 7l2-2',
  dark: 'M20 14A8.5 8.5 0 1 1 10 4a7 7 0 0 0 10 10z',
};

function rateText(rate: number | null): string {
  return rate === null ? 'all' : `${fixed(rate, rate < 1 ? 1 : 0)}/s`;
}
