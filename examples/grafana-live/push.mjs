// GRAFANA_TOKEN=… node examples/grafana-live/push.mjs 'market.sim.*.quote'      then chart stream/tickwire/* in Grafana
import { connect } from 'tickwire/client';

const { TICKWIRE_URL = 'ws://127.0.0.1:9000', GRAFANA_URL = 'http://127.0.0.1:3000', GRAFANA_TOKEN } = process.env;
const [pattern = 'host.>'] = process.argv.slice(2);
if (!GRAFANA_TOKEN) throw new Error('GRAFANA_TOKEN must be the token of a service account of Grafana');

const escaped = (text) => text.replace(/[\\,= ]/g, '\\$&'); // line protocol: measurement fields timestamp
const fields = (data) => Object.entries(data).filter(([, value]) => typeof value === 'number');
const line = ({ topic, data, ts }) =>
  `${escaped(topic)} ${fields(data)
    .map(([name, value]) => `${escaped(name)}=${value}`)
    .join(',')} ${ts * 1000}`;

let lines = [];
connect(TICKWIRE_URL).subscribe(
  pattern,
  (message) => {
    if (message.type === 'value' && fields(message.data ?? {}).length > 0) lines.push(line(message));
  },
  { maxRate: 5 },
);

setInterval(async () => {
  if (lines.length === 0) return;
  const body = lines.join('\n');
  lines = [];
  const headers = { Authorization: `Bearer ${GRAFANA_TOKEN}` };
  const answer = await fetch(`${GRAFANA_URL}/api/live/push/tickwire`, { method: 'POST', headers, body }).catch(String);
  if (answer.status !== 200) console.error(`Grafana: ${answer.status ?? answer}`);
}, 200);
