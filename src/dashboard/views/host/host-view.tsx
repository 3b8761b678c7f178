/** Host: the machine that the server runs on, as it is. */

import { useState } from 'preact/hooks';
import { useApp } from '../../frame/app.ts';
import { useTap } from '../../frame/use-tap.ts';
import type { View } from '../../frame/view.ts';
import { hostCharts } from './charts.ts';
import { HostChart } from './host-chart.tsx';

export const host: View = {
  id: 'host',
  title: 'Host',
  icon: 'M4 5h16v10H4zM9 19h6M12 15v4',
  Component: HostView,
};

function HostView() {
  const app = useApp();
  const [topics, setTopics] = useState<readonly string[]>([]);
  useTap(
    'host.>',
    ({ topic }) => setTopics((before) => (before.includes(topic) ? before : [...before, topic].sort())),
    { maxRate: 0.1 },
  );
  const hosts = [...new Set(topics.map((topic) => topic.split('.')[1] ?? ''))];
  const chosen = app.address.place.value.item ?? hosts[0];
  const shown = topics.filter((topic) => topic.split('.')[1] === chosen);
  return (
    <div class="grid host">
      {hosts.length > 1 && (
        <select
          aria-label="Host"
          value={chosen}
          onChange={({ currentTarget }) => app.address.go({ item: currentTarget.value })}
        >
          {hosts.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      )}
      {shown.length === 0 && <p class="note">No host publishes here yet.</p>}
      {hostCharts.flatMap((chart) =>
        shown
          .filter((topic) => topic.split('.')[2] === chart.what)
          .slice(0, maxOfOneKind)
          .map((topic) => <HostChart key={`${chart.id} ${topic}`} chart={chart} topic={topic} />),
      )}
    </div>
  );
}

const maxOfOneKind = 12; // containers make network interfaces by the hundred
