/** Connection: how far the server is, how it serves this page, and what was left out, lost and made good. */

import { useEffect, useMemo, useState } from 'preact/hooks';
import type { ClockReading } from '../../../client/index.ts';
import { TimeSeries } from '../../draw/time-series.ts';
import { bytes, clockTime, compact, duration, fixed, percent, shorten } from '../../format.ts';
import { useApp } from '../../frame/app.ts';
import { useTap } from '../../frame/use-tap.ts';
import type { View } from '../../frame/view.ts';
import type { NoticeKind } from '../../link/notices.ts';
import { Chart, type Line } from '../../widgets/chart.tsx';
import { Figure } from '../../widgets/figure.tsx';
import { Panel } from '../../widgets/panel.tsx';
import { Ladder } from './ladder.tsx';
import { SlowLink } from './slow-link.tsx';

export const connection: View = {
  id: 'connection',
  title: 'Connection',
  icon: 'M4 10a12 12 0 0 1 16 0M7 13.5a8 8 0 0 1 10 0M10 17a3.5 3.5 0 0 1 4 0M12 20v.5',
  Component: ConnectionView,
};

const latency: readonly Line[] = [{ title: 'Round trip', colour: 's1', fill: true }];
const traffic: readonly Line[] = [{ title: 'Received', colour: 's3', fill: true }];

function ConnectionView() {
  const app = useApp();
  const { link, performance, settings } = app;
  const zone = settings.zone.value;
  const state = link.state.value;
  const page = performance.value;
  const counts = link.notices.counts.value;
  const pings = usePings();
  const received = useReceived();
  // Something to carry: without a subscription a link that is slow has nothing to be slow with.
  const load = useTap('market.>', () => {});
  const reading = load?.reading.value;
  return (
    <div class="grid connection">
      <Panel id="link" title="Link">
        <dl class="figures">
          <Figure title="State" text={state.name} isBig />
          <Figure title="Round trip" text={duration(pings.reading?.rttMs)} />
          <Figure title="Jitter" text={duration(pings.jitterMs)} />
          <Figure
            title="Clock differs by"
            text={duration(pings.reading === undefined ? undefined : link.now() - Date.now())}
          />
          <Figure title="Received" text={`${bytes(page.bytesPerSec)}/s`} />
          <Figure title="Messages" text={`${compact(page.messagesPerSec)}/s`} />
          <Figure title="Reconnects" text={compact(link.reconnects.value)} />
          <Figure title="Since" text={state.name === 'open' ? clockTime(state.since * 1000, zone) : '–'} />
        </dl>
        <Ladder />
        <SlowLink />
      </Panel>
      <Panel id="page" title="This page">
        <dl class="figures">
          <Figure title="Frames" text={`${fixed(page.fps, 0)} fps`} isBig />
          <Figure title="Dropped" text={percent(page.droppedShare, 2)} />
          <Figure title="Drawing" text={`${fixed(page.meanDrawMs, 2)} ms a frame`} />
          <Figure title="Longest" text={`${fixed(page.longestDrawMs, 1)} ms`} />
          <Figure title="Main thread" text={percent((page.drawMsPerSec + page.intakeMsPerSec) / 1000)} />
          <Figure title="of it taking in" text={`${fixed(page.intakeMsPerSec, 1)} ms/s`} />
          <Figure title="Market updates" text={`${compact(reading?.perSec)}/s`} />
          <Figure
            title="Rate granted"
            text={reading?.grantedRate ? `${fixed(reading.grantedRate, 1)}/s a topic` : 'all'}
          />
        </dl>
      </Panel>
      <Panel id="latency" title="Round trip">
        <Chart
          series={pings.series}
          lines={latency}
          label="Round trip over time"
          rangeMs={rangeMs}
          unit="ms"
          digits={2}
          fromZero
        />
      </Panel>
      <Panel id="traffic" title="Received">
        <Chart series={received} lines={traffic} label="Received over time" rangeMs={rangeMs} unit="KiB/s" fromZero />
      </Panel>
      <Panel id="delivery" title="Left out, lost, made good">
        <dl class="figures">
          {told.map(([kind, title]) => (
            <Figure key={kind} title={title} text={compact(counts[kind] ?? 0)} />
          ))}
        </dl>
        <ol class="notices">
          {link.notices.list.value.slice(0, 60).map(({ id, at, kind, text }) => (
            <li key={id} data-kind={kind}>
              <time>{clockTime(at * 1000, zone)}</time> <span class="tag">{kind}</span> <bdi>{shorten(text)}</bdi>
            </li>
          ))}
        </ol>
      </Panel>
    </div>
  );
}

const told: readonly (readonly [NoticeKind, string])[] = [
  ['skipped', 'Left out, and said so'],
  ['gap', 'Gaps'],
  ['recovered', 'Recoveries'],
  ['repaired', 'Repairs'],
  ['epoch', 'New lives'],
  ['step', 'Steps of the ladder'],
  ['error', 'Errors'],
];

const rangeMs = 300_000;
const pingEveryMs = 2000;

type Pings = {
  readonly reading: ClockReading | undefined;
  /** Mean difference of one round trip from the one before (RFC 3550, without its smoothing). */
  readonly jitterMs: number | undefined;
  readonly series: TimeSeries;
};

function usePings(): Pings {
  const { link } = useApp();
  const series = useMemo(() => new TimeSeries(1, rangeMs), []);
  const [reading, setReading] = useState<ClockReading | undefined>(undefined);
  useEffect(() => {
    const ask = () => {
      if (document.hidden || link.state.peek().name !== 'open') return;
      link.client.ping().then((now) => {
        series.push(link.now(), now.rttMs);
        setReading(now);
      }, noAnswer);
    };
    ask();
    const timer = setInterval(ask, pingEveryMs);
    return () => clearInterval(timer);
  }, [link, series]);
  return { reading, jitterMs: jitterOf(series), series };
}

function noAnswer(): void {} // the connection is gone, which the state says

function jitterOf(series: TimeSeries): number | undefined {
  const [, trips = new Float64Array()] = series.columns();
  if (trips.length < 2) return undefined;
  let sum = 0;
  for (let i = 1; i < trips.length; i++) sum += Math.abs((trips[i] ?? 0) - (trips[i - 1] ?? 0));
  return sum / (trips.length - 1);
}

function useReceived(): TimeSeries {
  const { link, performance } = useApp();
  const series = useMemo(() => new TimeSeries(1, rangeMs), []);
  const page = performance.value;
  useEffect(() => series.push(link.now(), page.bytesPerSec / 1024), [link, series, page]);
  return series;
}
