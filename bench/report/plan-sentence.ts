/** What a run did, as one sentence. */

import type { LoadPlan, Slow, Source } from '../load/plan.ts';
import { showCount, showNumberOf, showSeconds, showShare, showUnit } from './show.ts';

export function planSentence(plan: LoadPlan): string {
  const { connections, workers, patterns, source, encoding, durationSec, warmUpSec } = plan;
  const who = `${showNumberOf(connections, 'connection')} in ${showNumberOf(workers, 'process', 'processes')}`;
  const parts = [
    `${who} read ${patterns.join(', ')} as ${encoding}`,
    sourceOf(source),
    ...(plan.maxRate === undefined ? [] : [`each topic at ${showUnit(plan.maxRate, '1/s')} at most`]),
    ...(plan.slow === undefined ? [] : [slowOf(plan.slow)]),
    `for ${showSeconds(durationSec)} after ${showSeconds(warmUpSec)} of warm-up`,
    ...(plan.target.kind === 'url' ? [`at ${plan.target.url}`] : []),
  ];
  return `${parts.join('; ')}.`;
}

function sourceOf(source: Source): string {
  if (source.kind === 'existing') return 'published by the server as ever';
  const { topics, rate, burst, payloadBytes } = source;
  const who = source.kind === 'publishers' ? `by ${showNumberOf(source.publishers, 'publisher')}, ` : '';
  const bursts = burst === 1 ? '' : `, ${showCount(burst)} at once`;
  return `${who}${showNumberOf(topics, 'topic')} at ${showUnit(rate, '1/s')} each${bursts}, ${showNumberOf(payloadBytes, 'byte')} a publication`;
}

function slowOf({ share, how }: Slow): string {
  switch (how.kind) {
    case 'stall':
      return `${showShare(share)} of them stop reading`;
    case 'stallFor':
      return `${showShare(share)} of them stop reading for ${showSeconds(how.seconds)}`;
    case 'bytesPerSec':
      return `${showShare(share)} of them read ${showCount(how.bytesPerSec)} bytes a second`;
  }
}
