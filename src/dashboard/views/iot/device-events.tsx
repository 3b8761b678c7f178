import { useState } from 'preact/hooks';
import { clockTime, field, shorten, summary, textIn } from '../../format.ts';
import { useApp } from '../../frame/app.ts';
import { useTap } from '../../frame/use-tap.ts';
import { Panel } from '../../widgets/panel.tsx';

type Event = {
  readonly at: number;
  readonly ts: number;
  readonly device: string;
  readonly level: string;
  readonly text: string;
};

/** What happened to devices, newest first. */
export function DeviceEvents() {
  const { settings } = useApp();
  const [events, setEvents] = useState<readonly Event[]>([]);
  const tap = useTap(
    'iot.*.*.event',
    ({ topic, ts, seq, ...message }) => {
      if (!('data' in message)) return;
      const { data } = message;
      const device = topic.split('.').slice(1, 3).join('.');
      const text = textIn(field(data, 'text')) ?? summary(data);
      const event = { at: seq, ts, device, level: textIn(field(data, 'level')) ?? 'info', text };
      setEvents((before) => [event, ...before].sort((a, b) => b.ts - a.ts).slice(0, maxEvents));
    },
    { since: { last: 5 } },
  );
  return (
    <Panel id="device-events" title="Events" taps={[tap]}>
      {events.length === 0 && <p class="note">Nothing happened yet.</p>}
      <ol class="events">
        {events.map(({ at, ts, device, level, text }) => (
          <li key={`${device} ${at}`}>
            <time>{clockTime(ts, settings.zone.value)}</time>
            <span class="tag" data-tone={level === 'alarm' ? 'bad' : level === 'warning' ? 'warn' : ''}>
              {shorten(level, 12)}
            </span>
            <span>
              <b>
                <bdi>{shorten(device, 40)}</bdi>
              </b>{' '}
              <bdi>{shorten(text)}</bdi>
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

const maxEvents = 40;
