/** A bit of everything that happens to a server, over and over until it is stopped. */

import { connect } from '../../src/client/index.ts';
import { TestClient } from './test-client.ts';

/** What the server must let happen: clients publish, and of `wall.*` it keeps so little that events are missed. */
export const mixedLoadConfig = {
  open: [
    { pattern: 'wall.*', kind: 'event' },
    { pattern: 'lab.*', kind: 'latest' },
  ],
  history: [{ pattern: 'wall.*', maxCount: 1 }],
} as const;

const betweenBeatsMs = 250;

export async function startMixedLoad(http: string, adminToken: string) {
  const ws = `${http.replace('http', 'ws')}/ws`;
  const dashboards = openDashboards(http.replace('http', 'ws'));
  const plain = await Promise.all(plainQueries.map((query) => TestClient.open(`${ws}?encoding=${query}`, [])));
  const laggard = await TestClient.greeted(ws);
  laggard.subscribe('>');
  laggard.socket.pause();
  const stopEvents = await readEvents(http);
  const stopBeat = repeat(async () => {
    await visit(ws);
    await knock(http, ws, adminToken);
  });
  return {
    async stop() {
      await stopBeat();
      await stopEvents();
      for (const client of [...dashboards, ...plain, laggard]) client.close();
    },
  };
}

const plainQueries = [
  'json&topics=market.sim.*.quote&maxRate=2',
  `json&topics=market.sim.*.quote&filter=${encodeURIComponent('bid < 0')}`,
  'json-batch&topics=lab.*',
];

function openDashboards(url: string) {
  const clients = [1, 2, 3].map(() => connect(url));
  for (const client of clients) client.subscribe('market.sim.*.quote', () => {});
  clients[0]?.subscribe('weather.>', () => {}).pause();
  return clients;
}

async function readEvents(http: string): Promise<() => Promise<void>> {
  const reading = new AbortController();
  const response = await fetch(`${http}/events?topics=market.sim.*.trade`, { signal: reading.signal });
  const ended = response.text().then(
    () => {},
    () => {}, // it has no other end than being aborted
  );
  return () => {
    reading.abort();
    return ended;
  };
}

/** A client that publishes, comes back to a topic in three ways, and is cut off. */
async function visit(ws: string): Promise<void> {
  const client = await TestClient.greeted(ws);
  for (const topic of ['wall.a', 'wall.a', 'lab.x', 'closed']) client.send({ op: 'publish', id: 5, topic, data: 1 });
  await client.next('error');
  client.subscribe('wall.a');
  const { epoch } = await client.next('topic');
  const { seq } = await client.next('snapshot');
  const positions: [epoch: string, seq: number][] = [
    [epoch, seq],
    ['other', 1],
    [epoch, 0],
  ];
  const subscriptions = positions.map((position, at) => ({
    sid: 10 + at,
    pattern: 'wall.a',
    since: { positions: { 'wall.a': position } },
  }));
  client.send({ op: 'subscribe', id: 6, subscriptions });
  for (const _ of positions) await client.next('snapshot');
  client.close();
}

/** At every door, with what it takes and with what it refuses. */
async function knock(http: string, ws: string, adminToken: string): Promise<void> {
  await TestClient.open(ws, 'nonsense').catch(() => {});
  await TestClient.open(ws, [], { origin: 'https://elsewhere.example' }).catch(() => {});
  for (const topic of ['wall.b', 'closed']) {
    await fetch(`${http}/publish`, { method: 'POST', body: JSON.stringify({ topic, data: 1 }) });
  }
  await fetch(`${http}/admin/feeds`, { headers: { authorization: `Bearer ${adminToken}` } });
  await fetch(`${http}/admin/feeds`, { headers: { authorization: 'Bearer wrong' } });
}

/** One at a time, and a pause between them. Returns how to end it; what goes wrong is said there. */
function repeat(beat: () => Promise<void>): () => Promise<void> {
  const ended = new AbortController();
  const running = (async () => {
    while (!ended.signal.aborted) {
      await beat();
      await new Promise((resolve) => setTimeout(resolve, betweenBeatsMs));
    }
  })();
  running.catch(() => {}); // it is waited for at the end
  return () => {
    ended.abort();
    return running;
  };
}
