/** How far a panel may be trusted to show the present, in a few words. */

import type { Quality } from '../../client/index.ts';
import { age, compact, figure, fixed, shorten } from '../format.ts';
import { useApp } from '../frame/app.ts';
import type { Tap } from '../link/tap.ts';

export type BadgeProps = { readonly taps: readonly Tap[]; readonly quality: Quality | undefined };

export function Badge({ taps, quality = 'recovering' }: BadgeProps) {
  const app = useApp();
  app.beat.value; // ages grow by themselves
  const readings = taps.map((tap) => tap.reading.value);
  const newest = Math.max(...readings.map(({ newestTs }) => newestTs));
  const perSec = readings.reduce((sum, reading) => sum + reading.perSec, 0);
  const conflated = readings.reduce((sum, reading) => sum + reading.conflated, 0);
  const granted = Math.max(...readings.map(({ grantedRate }) => grantedRate));
  const word = app.isPaused.value && quality === 'live' ? 'paused' : quality;
  const refusal = readings.find((reading) => reading.refusal !== undefined)?.refusal;
  if (refusal !== undefined) return <span class="badge fault">{shorten(refusal)}</span>;
  return (
    <span class="badge" data-word={word}>
      <b>{word}</b>
      <span title="Age of the newest event, by the server's clock">{age(newest, app.link.now())}</span>
      <span title="Updates a second">{perSec < 10 ? fixed(perSec, 1) : compact(perSec)}/s</span>
      {granted > 0 && (
        <span title="Updates per second and topic that the server grants">≤ {figure(granted)}/s each</span>
      )}
      {conflated > 0 && (
        <span class="conflated" title="Older values left out before newer ones, since the panel was opened">
          {compact(conflated)} conflated
        </span>
      )}
    </span>
  );
}
