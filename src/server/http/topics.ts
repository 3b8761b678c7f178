import type { TopicState } from '../../bus/index.ts';
import { fromPositions, patternFault, topicFault } from '../../protocol/index.ts';
import { sendError, sendJson } from './reply.ts';
import type { Route } from './route.ts';

/** Every topic there is, or those that `?pattern=` selects. */
export const topics: Route = {
  method: 'get',
  path: '/topics',
  doc: {
    summary: 'Topics with kind, epoch, sequence number and time',
    query: { pattern: 'Which; all when absent. `*`: one segment, a final `>`: one or more.' },
    answers: { 200: 'A list.', 400: 'The pattern is none.' },
  },
  handle({ res, query, parts }) {
    const pattern = query.get('pattern') ?? '>';
    const fault = patternFault(pattern);
    if (fault !== undefined)
      return sendError(res, 'badRequest', `pattern ${JSON.stringify(pattern.slice(0, 80))} ${fault}`);
    sendJson(res, 'ok', { topics: parts.hub.topicsSelectedBy(pattern).map(position) });
  },
};

/** The last value of one topic; all rows of a keyed one. */
export const topic: Route = {
  method: 'get',
  path: '/topics/:topic',
  doc: {
    summary: 'The last value of a topic, or all rows of a keyed one',
    path: { topic: 'Its name.' },
    answers: { 200: 'Its position and value.', 400: 'The name is none.', 404: 'There is no such topic.' },
  },
  handle({ res, parameter, parts }) {
    const fault = topicFault(parameter);
    if (fault !== undefined)
      return sendError(res, 'badRequest', `topic ${JSON.stringify(parameter.slice(0, 80))} ${fault}`);
    const state = parts.hub.topic(parameter);
    if (state === undefined) {
      sendError(res, 'notFound', `no topic "${parameter}"; GET /topics lists them`);
      return;
    }
    parts.demand.touch(parameter);
    sendJson(res, 'ok', { ...position(state), ...lastValue(state) });
  },
};

function position({ topic: { name, kind, epoch, schema }, seq, ts, staleSince }: TopicState) {
  const state = staleSince === undefined ? 'live' : 'stale';
  return { topic: name, kind, epoch, seq, ts: seq === 0 ? null : ts, state, schema: schema.id };
}

function lastValue({ topic: { schema }, values, table }: TopicState) {
  if (table === undefined) return { data: values === undefined ? null : fromPositions(schema, values) };
  return { rows: [...table.rows()].map(({ key, values: row = [] }) => ({ key, data: fromPositions(schema, row) })) };
}
