import { useRef } from 'preact/hooks';
import { TextCell } from '../../draw/text-cell.ts';
import { shorten } from '../../format.ts';
import { useDrawing } from '../../frame/use-drawing.ts';
import { useSeries } from '../../frame/use-series.ts';
import { Chart } from '../../widgets/chart.tsx';
import { Panel } from '../../widgets/panel.tsx';
import type { HostChartForm } from './charts.ts';

/** One topic of the machine, charted, its newest value beside it in words. */
export function HostChart({ chart, topic }: { readonly chart: HostChartForm; readonly topic: string }) {
  const newest = useRef<unknown>(undefined);
  const cell = useRef<TextCell | undefined>(undefined);
  const { ref, touch } = useDrawing<HTMLParagraphElement>((element) => {
    cell.current ??= new TextCell(element);
    cell.current.show(chart.now(newest.current));
  });
  const { series, tap } = useSeries(topic, {
    columns: chart.lines.length,
    spanMs: 1_800_000,
    past: 0,
    read: (data, ts) => {
      newest.current = data;
      touch();
      return [ts / 1000, ...chart.read(data)];
    },
  });
  const part = topic.split('.').slice(3).join('.');
  return (
    <Panel
      id={`${chart.id}${part === '' ? '' : ` ${part}`}`}
      title={`${chart.title}${part === '' ? '' : ` ${shorten(part, 24)}`}`}
      taps={[tap]}
    >
      <p class="now" ref={ref} />
      <Chart
        series={series}
        lines={chart.lines}
        label={`${chart.title} over time`}
        rangeMs={rangeMs}
        unit={chart.unit ?? ''}
        fromZero
        {...(chart.limits !== undefined && { limits: chart.limits })}
      />
    </Panel>
  );
}

const rangeMs = 300_000;
