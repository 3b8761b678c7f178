import { readHistoryQuery } from '../../protocol/history-query.ts';
import { ProtocolError, topicFault } from '../../protocol/index.ts';
import { readHistory } from '../history-page.ts';
import { booleanIn, numberIn } from '../query.ts';
import { sendJson } from './reply.ts';
import type { Route } from './route.ts';

/**
 * One page of what a topic keeps of its past, as HISTORY answers it: `after`, `before`, `since`, `limit`, `reverse`,
 * `epoch`. 404: no such topic, or it keeps nothing; 409: the position is none of its present life.
 */
export const history: Route = {
  method: 'get',
  path: '/topics/:topic/history',
  doc: {
    summary: 'A page of what a topic published',
    path: { topic: 'Its name.' },
    query: {
      after: 'Behind this sequence number, oldest first.',
      before: 'Before this one; with `reverse`, newest first.',
      since: 'Nothing older: microseconds since 1970.',
      limit: '1 to 1000 items; 100 when absent.',
      reverse: '1: newest first.',
      epoch: 'Of this life of the topic.',
    },
    answers: {
      200: 'Items, and whether there are more.',
      400: 'A parameter makes no sense.',
      404: 'No such topic, or it keeps no history.',
      409: 'A position of another epoch, or of the future.',
    },
  },
  handle({ res, parameter, query, parts }) {
    const fault = topicFault(parameter);
    if (fault !== undefined) {
      throw new ProtocolError('badRequest', `topic ${JSON.stringify(parameter.slice(0, 80))} ${fault}`);
    }
    const wanted = readHistoryQuery({
      epoch: query.get('epoch'),
      after: numberIn(query, 'after'),
      before: numberIn(query, 'before'),
      since: numberIn(query, 'since'),
      limit: numberIn(query, 'limit'),
      reverse: booleanIn(query, 'reverse'),
    });
    sendJson(res, 'ok', readHistory(parts.hub, parameter, wanted));
  },
};
