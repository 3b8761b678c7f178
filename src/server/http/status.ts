import { takeCensus } from '../census.ts';
import { loopDelayMs } from '../loop-delay.ts';
import { limitIn, wordIn } from '../query.ts';
import { sendJson } from './reply.ts';
import type { HttpParts, Route } from './route.ts';
import { sessionOrders, worstSessions } from './shown-session.ts';

const usualLimit = 20;
const maxLimit = 1000;

/** The server at a glance: counters since its start, from which two looks make rates. */
export const status: Route = {
  method: 'get',
  path: '/status',
  doc: { summary: 'The server at a glance', answers: { 200: 'As `tickwire top` shows it.' } },
  guard: 'inside',
  handle({ res, query, parts }) {
    const limit = limitIn(query, 'limit', usualLimit, maxLimit);
    const sort = wordIn(query, 'sort', sessionOrders);
    const { worst } = worstSessions(parts.served(), sort, limit);
    const reasons = parts.readiness.reasons();
    sendJson(res, 'ok', {
      server: parts.name,
      uptimeSec: Math.round(process.uptime()),
      ready: reasons.length === 0,
      reasons,
      connections: connectionsOf(parts),
      counts: countsOf(parts),
      feeds: parts.controls.feeds(),
      process: processNow(),
      sessions: worst,
    });
  },
};

function connectionsOf({ served, counts, options }: HttpParts) {
  return { count: counts.connections, peak: counts.peak, limit: options.maxConnections, ...takeCensus(served()) };
}

function countsOf({ hub, counts }: HttpParts) {
  const { delivered, conflated, filtered, missed } = hub.fates;
  const { websocket, sse } = counts.sent;
  return {
    publications: hub.counts.publications,
    encodes: hub.counts.encodes,
    delivered,
    conflated: conflated.slow + conflated.rate + conflated.paused,
    filtered,
    missed,
    messages: hub.counts.sentMessages + websocket.messages + sse.messages,
    bytes: hub.counts.sentBytes + websocket.bytes + sse.bytes,
  };
}

function processNow() {
  const { user, system } = process.cpuUsage();
  return { cpuSec: (user + system) / 1e6, rssBytes: process.memoryUsage.rss(), loopDelayMs: loopDelayMs() };
}
