/** One station: what it sees now, the days before, and its reports as aviators read them. */

import { useState } from 'preact/hooks';
import { clockTime, field, fixed, percent, plotted, shorten, textIn } from '../../format.ts';
import { useApp } from '../../frame/app.ts';
import { type SeriesForm, useSeries } from '../../frame/use-series.ts';
import { useTap } from '../../frame/use-tap.ts';
import { Chart, type Line } from '../../widgets/chart.tsx';
import { Figure } from '../../widgets/figure.tsx';
import { Panel } from '../../widgets/panel.tsx';
import { Ranges, rangeOf } from '../../widgets/ranges.tsx';
import { type Observation, windName } from './observation.ts';
import type { Station } from './weather-view.tsx';
import { WindRose } from './wind-rose.tsx';

const dayMs = 86_400_000;
const ranges = { '6h': dayMs / 4, '1d': dayMs, '3d': 3 * dayMs } as const;

const temperature: readonly Line[] = [
  { title: 'Temperature', colour: 's2' },
  { title: 'Dew point', colour: 's1' },
];
const pressure: readonly Line[] = [{ title: 'Sea-level pressure', colour: 's4' }];
const windAndRain: readonly Line[] = [
  { title: 'Wind', colour: 's3' },
  { title: 'Rain', colour: 's1', isRight: true, fill: true, unit: 'mm/h' },
];

/** One series has what all three charts show: their past is asked for once. */
const columns = { temperature: [1, 2], pressure: [3], windAndRain: [4, 5] } as const;
const fields = ['t', 'td', 'slp', 'wind', 'precip1h'];
const form: SeriesForm = {
  columns: fields.length,
  spanMs: ranges['3d'],
  past: 6000,
  read: (data, ts) => [ts / 1000, ...fields.map((name) => plotted(field(data, name)))],
};

export function StationDetail({
  station,
  observation,
}: {
  readonly station: Station;
  readonly observation: Observation | undefined;
}) {
  const { address, settings } = useApp();
  const { id, name, network, elevM, zone } = station;
  const topic = `weather.${network}.${id}.obs`;
  const range = rangeOf(ranges, address.place.value.params.range, '3d');
  const { series, tap } = useSeries(topic, form);
  const rangeMs = ranges[range];
  return (
    <>
      <Panel
        id="station"
        title={
          <>
            <bdi>{shorten(name, 40)}</bdi> <small>{shorten(id, 16)}</small>
          </>
        }
        taps={[tap]}
        className="station"
      >
        <div class="station-now">
          <dl class="figures">
            <Figure title="Temperature" text={`${fixed(observation?.celsius, 1)} °C`} isBig />
            <Figure title="Sky" text={observation?.sky ?? ''} />
            <Figure title="Dew point" text={`${fixed(observation?.dewPoint, 1)} °C`} />
            <Figure title="Humidity" text={`${fixed(observation?.humidity, 0)} %`} />
            <Figure title="Pressure" text={`${fixed(observation?.hPa, 1)} hPa`} />
            <Figure title="Rain, last hour" text={`${fixed(observation?.rainMm, 1)} mm`} />
            <Figure title="Cloud" text={percent(observation?.cloud, 0)} />
            <Figure title="Elevation" text={`${fixed(elevM, 0)} m`} />
            <Figure title="Local time" text={localTime(zone, observation?.ts)} />
            {observation !== undefined && observation.check !== 'ok' && (
              <Figure title="Check" text={observation.check} />
            )}
          </dl>
          <WindRose
            fromDeg={observation?.windFromDeg}
            words={`${windName(observation?.windFromDeg)} ${fixed(observation?.windMs, 1)} m/s`}
            gust={observation?.gustMs === undefined ? '' : `gusts ${fixed(observation.gustMs, 1)}`}
          />
        </div>
      </Panel>
      <Panel
        id="days"
        title="The days before"
        taps={[tap]}
        className="days"
        tools={<Ranges of={ranges} chosen={range} />}
      >
        <Chart
          series={series}
          lines={temperature}
          columns={columns.temperature}
          label="Temperature and dew point"
          rangeMs={rangeMs}
          unit="°C"
        />
        <Chart
          series={series}
          lines={windAndRain}
          columns={columns.windAndRain}
          label="Wind and rain"
          rangeMs={rangeMs}
          unit="m/s"
          fromZero
          height={150}
        />
        <Chart
          series={series}
          lines={pressure}
          columns={columns.pressure}
          label="Pressure"
          rangeMs={rangeMs}
          unit="hPa"
          height={130}
        />
      </Panel>
      <Reports key={id} topic={`weather.${network}.${id}.metar`} zone={settings.zone.value} />
    </>
  );
}

type Report = { readonly raw: string; readonly ts: number };

function Reports({ topic, zone }: { readonly topic: string; readonly zone: 'local' | 'utc' }) {
  const [reports, setReports] = useState<readonly Report[]>([]);
  const tap = useTap(
    topic,
    ({ ts, ...message }) => {
      const raw = 'data' in message ? textIn(field(message.data, 'raw')) : undefined;
      if (raw !== undefined) setReports((before) => [{ raw, ts }, ...before].slice(0, maxReports));
    },
    { since: { last: maxReports } },
  );
  return (
    <Panel id="metar" title="METAR" taps={[tap]} className="metar">
      {reports.length === 0 && <p class="note">No report yet.</p>}
      <ol class="reports">
        {reports.map(({ raw, ts }) => (
          <li key={`${ts} ${raw}`}>
            <time>{clockTime(ts, zone)}</time> <code>{shorten(raw)}</code>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

const maxReports = 12;

/** By the station's own clock; nothing where its zone is none that the browser knows. */
function localTime(zone: string | undefined, ts: number | undefined): string {
  if (zone === undefined || ts === undefined) return '–';
  try {
    return new Intl.DateTimeFormat(undefined, { timeStyle: 'short', timeZone: zone }).format(new Date(ts / 1000));
  } catch {
    return '–';
  }
}
