/** One sensor over time; where its readings are not to be trusted, the ground is shaded. */

import { useMemo } from 'preact/hooks';
import type uPlot from 'uplot';
import { colours } from '../../draw/colours.ts';
import { field, numberIn, plotted, shorten } from '../../format.ts';
import { type SeriesForm, useSeries } from '../../frame/use-series.ts';
import { Badge } from '../../widgets/badge.tsx';
import { Chart, type Line, transparent } from '../../widgets/chart.tsx';

export type SensorChartProps = { readonly topic: string; readonly name: string; readonly unit: string };

const form: SeriesForm = {
  columns: 2,
  spanMs: 3_600_000,
  past: 1000,
  read: (data, ts) => {
    const value = field(data, 'v');
    return [ts / 1000, plotted(typeof value === 'boolean' ? Number(value) : value), numberIn(field(data, 'q')) ?? 0];
  },
};

export function SensorChart({ topic, name, unit }: SensorChartProps) {
  const { series, tap } = useSeries(topic, form);
  const lines = useMemo<readonly Line[]>(
    () => [
      { title: shorten(name, 24), colour: 's1', shape: 'step' },
      { title: 'Quality (0 good)', colour: 'faint', shape: 'none', isRight: true, unit: '', digits: 0 },
    ],
    [name],
  );
  return (
    <div class="sensor" data-quality={tap?.reading.value.quality}>
      <h3>
        <bdi>{shorten(name, 40)}</bdi> {tap !== undefined && <Badge taps={[tap]} quality={tap.reading.value.quality} />}
      </h3>
      <Chart
        series={series}
        lines={lines}
        label={`${name} over time`}
        rangeMs={rangeMs}
        unit={unit}
        digits={2}
        height={140}
        plugins={plugins}
      />
    </div>
  );
}

const rangeMs = 900_000;
const plugins: readonly uPlot.Plugin[] = [{ hooks: { drawClear: shadeQuality } }];

/** Behind the line: from each doubtful reading to the next one. */
function shadeQuality(plot: uPlot): void {
  const [times = [], , qualities = []] = plot.data as readonly (readonly (number | null)[])[];
  const { ctx: pen, bbox } = plot;
  const { warn, bad, faint } = colours();
  const tones = [undefined, warn, bad, faint];
  const x = (at: number) => Math.max(bbox.left, Math.min(bbox.left + bbox.width, plot.valToPos(at, 'x', true)));
  for (let i = 0; i < times.length; i++) {
    const tone = tones[qualities[i] ?? 0];
    const at = times[i];
    if (tone === undefined || at === null || at === undefined) continue;
    const [from, to] = [x(at), x(times[i + 1] ?? plot.scales.x?.max ?? at)];
    pen.fillStyle = transparent(tone, 0.22);
    pen.fillRect(from, bbox.top, Math.max(2, to - from), bbox.height);
  }
}
