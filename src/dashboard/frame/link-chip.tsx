/** How the connection is, in two words, on every view. Told to screen readers when the word changes, and only then. */

import { fixed } from '../format.ts';
import { useApp } from './app.ts';

export function LinkChip() {
  const { link, performance } = useApp();
  const { name } = link.state.value;
  const { step } = link.step.value;
  const word = name === 'open' ? (step === 'full' ? 'live' : step) : name;
  return (
    <a class="chip" id="state" data-state={word} href="#/connection" title="How the connection is">
      <span role="status">{word}</span>
      <span class="wide-only fps">{fixed(performance.value.fps, 0)} fps</span>
    </a>
  );
}
