import type { Line, Verdict } from '../support/table.ts';
import type { LoadFindings } from './load.ts';

const firstValueLimitMs = 1500;
const droppedLimit = 0.01;
const heapLimitBytes = 10 * 1024 * 1024;

/** Each figure beside what is promised; `missed` may be a busy machine, `BROKEN` may not. */
export function judge(firstMs: readonly number[], found: LoadFindings): Line[] {
  const { frames, dropped, seconds, updatesPerSec, mainThread, script, heapBefore, heapAfter, longestTaskMs } = found;
  const worstMs = firstMs.at(-1) ?? Number.NaN;
  const droppedShare = dropped / (frames + dropped);
  const grown = heapAfter - heapBefore;
  const mebi = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
  const say = (what: string, measured: string, limit = '', verdict: Verdict = ''): Line => ({
    what,
    measured,
    limit,
    verdict,
  });
  return [
    say(
      'first value, worst of five',
      `${worstMs.toFixed(0)} ms`,
      `< ${firstValueLimitMs} ms`,
      holds(worstMs < firstValueLimitMs),
    ),
    say('frames a second', (frames / seconds).toFixed(1)),
    say('frames dropped', `${(droppedShare * 100).toFixed(2)} %`, '< 1 %', holds(droppedShare < droppedLimit)),
    say('updates a second', updatesPerSec.toFixed(0)),
    say('main thread', `${(mainThread * 100).toFixed(1)} % of a core`),
    say('of it script', `${(script * 100).toFixed(1)} %`),
    say('longest task', `${longestTaskMs.toFixed(0)} ms`),
    say('heap', `${mebi(heapBefore)} → ${mebi(heapAfter)}`),
    say('heap grown by', mebi(grown), '< 10 MiB', grown < heapLimitBytes ? 'ok' : 'BROKEN'),
    say('errors on the console', `${found.complaints.length}`, '0', found.complaints.length === 0 ? 'ok' : 'BROKEN'),
  ];
}

function holds(isSo: boolean): Verdict {
  return isSo ? 'ok' : 'missed';
}
