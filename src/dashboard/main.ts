/** The page at `/`: everything that is published, as it happens. */

import { connect } from '../client/index.ts';
import { Board } from './board.ts';

const rateWindowMs = 1000;
const maxTopicsCounted = 100_000; // a bound for memory; nobody reads a figure beyond it

const state = place('state');
const topicCount = place('topics');
const updateRate = place('rate');

const board = new Board(place('board'));
const topics = new Set<string>();
let updates = 0;
let countedSince = performance.now();

const client = connect(new URL('ws', location.href).href);

client.on('state', (now) => {
  const word = now.name === 'open' ? 'live' : now.name;
  state.textContent = word;
  state.dataset.state = word;
  state.title = 'reason' in now ? `${now.reason} (${now.code})` : now.url;
});

client.subscribe('>', (message) => {
  const { topic, key, ts } = message;
  updates++;
  if (topics.size < maxTopicsCounted) topics.add(topic);
  board.show({ topic, key, ts, data: message.type === 'value' ? message.data : undefined });
});

setInterval(() => {
  const now = performance.now();
  topicCount.textContent = `${topics.size}`;
  updateRate.textContent = `${Math.round((updates * 1000) / (now - countedSince))}`;
  updates = 0;
  countedSince = now;
}, rateWindowMs);

function place(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`index.html has no element "${id}"`);
  return found;
}
