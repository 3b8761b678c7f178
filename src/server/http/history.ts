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
