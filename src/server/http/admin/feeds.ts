import { sendError, sendJson } from '../reply.ts';
import type { HttpCall, Route } from '../route.ts';
import { audit } from './audit.ts';

const list: Route = {
  method: 'get',
  path: '/admin/feeds',
  doc: { summary: 'Feeds and how they are', answers: { 200: 'A list.' } },
  guard: 'admin',
  handle: ({ res, parts }) => sendJson(res, 'ok', { feeds: parts.controls.feeds() }),
};

/** It publishes nothing until it is resumed, or the server is started anew. */
const pause: Route = {
  method: 'post',
  path: '/admin/feeds/:name/pause',
  doc: {
    summary: 'Pause a feed',
    path: { name: 'Of the feed.' },
    answers: { 200: 'Done.', 404: 'There is no such feed.' },
  },
  guard: 'admin',
  handle: (call) => setPaused(call, true),
};

const resume: Route = {
  method: 'post',
  path: '/admin/feeds/:name/resume',
  doc: {
    summary: 'Let a paused feed go on',
    path: { name: 'Of the feed.' },
    answers: { 200: 'Done.', 404: 'There is no such feed.' },
  },
  guard: 'admin',
  handle: (call) => setPaused(call, false),
};

export const feedRoutes: readonly Route[] = [list, pause, resume];

function setPaused(call: HttpCall, isPaused: boolean): void {
  const { res, parameter: name, parts } = call;
  if (!parts.controls.pauseFeed(name, isPaused)) {
    sendError(res, 'notFound', `no feed ${JSON.stringify(name.slice(0, 80))}; GET /admin/feeds lists them`);
    return;
  }
  audit(call, isPaused ? 'pause feed' : 'resume feed', { feed: name });
  sendJson(res, 'ok', { feed: parts.controls.feeds().find((feed) => feed.name === name) });
}
