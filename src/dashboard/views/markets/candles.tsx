/** One-minute bars as candles over their volume: the past from the topic's history, the open bar as it grows. */

import type uPlot from 'uplot';
import { colours } from '../../draw/colours.ts';
import { useApp } from '../../frame/app.ts';
import { useMedia } from '../../frame/use-media.ts';
import { type Point, type SeriesForm, useSeries } from '../../frame/use-series.ts';
import { Chart, type Line, transparent } from '../../widgets/chart.tsx';
import { Panel } from '../../widgets/panel.tsx';
import { Ranges, rangeOf } from '../../widgets/ranges.tsx';
import { barOf } from './messages.ts';

const ranges = { '30m': 1_800_000, '1h': 3_600_000, '4h': 14_400_000, '1d': 86_400_000 } as const;
const barMs = 60_000;

const lines: readonly Line[] = [
  { title: 'Open', colour: 'faint', shape: 'none' },
  { title: 'High', colour: 'faint', shape: 'none' },
  { title: 'Low', colour: 'faint', shape: 'none' },
  { title: 'Close', colour: 'accent', shape: 'none' },
  { title: 'Volume', colour: 'faint', shape: 'none', isRight: true, digits: 0 },
];

export type CandlesProps = {
  readonly symbol: string;
  /** Closed bars, and the one that is still open. */
  readonly topic: string;
  readonly openTopic: string;
};

export function Candles({ symbol, topic, openTopic }: CandlesProps) {
  const { address } = useApp();
  const range = rangeOf(ranges, address.place.value.params.range, '1h');
  const isWide = useMedia('(min-width: 1800px)');
  const { series, tap } = useSeries(topic, form, openTopic);
  return (
    <Panel
      id="candles"
      title="1-minute bars"
      taps={[tap]}
      className="candles"
      tools={<Ranges of={ranges} chosen={range} />}
    >
      <Chart
        series={series}
        lines={lines}
        label={`${symbol}: price and volume, one bar a minute`}
        rangeMs={ranges[range]}
        height={isWide ? 540 : 320}
        digits={2}
        plugins={plugins}
      />
    </Panel>
  );
}

const form: SeriesForm = { columns: 5, spanMs: ranges['1d'], past: 1500, read: barPoint };

function barPoint(data: unknown): Point | undefined {
  const bar = barOf(data);
  return bar && [bar.start, bar.o, bar.h, bar.l, bar.c, bar.v];
}

const plugins: readonly uPlot.Plugin[] = [{ hooks: { draw: drawCandles } }];

function drawCandles(plot: uPlot): void {
  const [times = [], opens = [], highs = [], lows = [], closes = [], volumes = []] = plot.data as readonly (readonly (
    | number
    | null
  )[])[];
  const { ctx: pen, bbox } = plot;
  const { min = 0, max = 0 } = plot.scales.x ?? {};
  if (min === null || max === null || max === undefined || min === undefined) return;
  const { up, down } = colours();
  const width = Math.max(1, Math.min(14 * devicePixelRatio, (bbox.width * barMs * 0.7) / (max - min)));
  const mostVolume = Math.max(1, ...volumes.filter((_, i) => (times[i] ?? 0) >= min).map((volume) => volume ?? 0));
  pen.save();
  pen.beginPath();
  pen.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  pen.clip();
  for (let i = 0; i < times.length; i++) {
    const at = times[i] ?? 0;
    const [o, h, l, c] = [opens[i], highs[i], lows[i], closes[i]];
    if (at < min || at > max || o == null || h == null || l == null || c == null) continue;
    const x = Math.round(plot.valToPos(at, 'x', true));
    const colour = c < o ? down : up;
    const y = (price: number) => plot.valToPos(price, 'y', true);
    const tall = ((volumes[i] ?? 0) / mostVolume) * bbox.height * volumeShare;
    pen.fillStyle = transparent(colour, 0.3);
    pen.fillRect(x - width / 2, bbox.top + bbox.height - tall, width, tall);
    pen.fillStyle = pen.strokeStyle = colour;
    pen.lineWidth = devicePixelRatio;
    pen.beginPath();
    pen.moveTo(x, y(h));
    pen.lineTo(x, y(l));
    pen.stroke();
    const top = y(Math.max(o, c));
    const tallBody = Math.max(devicePixelRatio, y(Math.min(o, c)) - top);
    // Rising bars are hollow where there is room: a shape beside the colour.
    if (c >= o && width > 4) pen.strokeRect(x - width / 2, top, width, tallBody);
    else pen.fillRect(x - width / 2, top, width, tallBody);
  }
  pen.restore();
}

const volumeShare = 0.18;
