import { isPlain, type TopicState } from '../../bus/index.ts';
import { ProtocolError } from '../../protocol/index.ts';
import { type Refusal, retryAfterSec } from '../admission.ts';
import type { EventRequest } from '../event-stream.ts';
import { retryText } from '../event-text.ts';
import { maxEventTopics, positionsAt, readToken } from '../event-token.ts';
import { isOriginAllowed } from '../origins.ts';
import { readWish } from '../query-wish.ts';
import type { SubscriptionWish } from '../subscription.ts';
import { httpStatus, sendError, writeHead } from './reply.ts';
import type { HttpCall, HttpParts, Route } from './route.ts';

const maxAgentLength = 60; // as for what a client calls itself in HELLO

/** Topics as server-sent events, with the views of SUBSCRIBE; resumes by Last-Event-ID. */
export const events: Route = {
  method: 'get',
  path: '/events',
  doc: {
    summary: 'Topics as server-sent events',
    query: {
      topics: 'Patterns, separated by commas.',
      maxRate: 'Updates per second and topic at most.',
      fields: 'Only these, separated by commas.',
      filter: 'Only what matches this expression.',
      delta: '1: only what changed.',
      last: 'Begin so many publications back.',
      since: 'Begin at a time: microseconds since 1970.',
      snapshot: '0: without the state to begin with.',
      lastEventId: 'Go on behind this event, where no header can be sent.',
    },
    answers: {
      200: 'A stream.',
      400: 'A parameter makes no sense.',
      403: 'The page’s origin is not trusted.',
      503: 'Full, or draining.',
    },
    contentType: 'text/event-stream',
  },
  handle(call) {
    const { res, header, parts } = call;
    const { options, counts } = parts;
    const refusal = parts.refusal();
    const origin = header('origin');
    if (!isOriginAllowed(origin, header('host'), options.allowedOrigins)) {
      counts.refuse('origin');
      return sendError(res, 'forbidden', `origin "${origin.slice(0, 80)}" is not allowed (allowedOrigins)`);
    }
    const headers = {
      ...eventHeaders,
      ...(origin !== '' && { 'Access-Control-Allow-Origin': origin, Vary: 'Origin' }),
    };
    if (refusal !== undefined) return refuse(call, refusal, headers);
    const { wish, token } = checkedRequest(call);
    parts.events.open(res, {
      wish,
      token,
      userAgent: header('user-agent').slice(0, maxAgentLength) || undefined,
      headers,
    });
  },
};

const eventHeaders = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  'X-Accel-Buffering': 'no', // nginx would keep events until it has a page of them
  'X-Content-Type-Options': 'nosniff',
};

function checkedRequest(call: HttpCall): Pick<EventRequest, 'wish' | 'token'> {
  try {
    return readRequest(call);
  } catch (error) {
    call.parts.counts.refuse('query');
    throw error;
  }
}

const leastAgainMs = 1000; // until a reader that returned to a draining server tries again
const mostAgainMs = 3000;

/** Browsers that return and are refused give up for good, so while the server drains they are told to come again. */
function refuse({ res, header, parts }: HttpCall, { reason, message }: Refusal, headers: Record<string, string>): void {
  parts.counts.refuse(reason);
  if (reason !== 'draining' || header('last-event-id') === '') {
    sendError(res, 'unavailable', message, { 'Retry-After': String(retryAfterSec) });
    return;
  }
  res.cork(() => {
    writeHead(res, httpStatus.ok, headers);
    res.end(retryText(leastAgainMs + Math.random() * (mostAgainMs - leastAgainMs)));
  });
}

/** Throws ProtocolError naming the parameter and the value. */
function readRequest(call: HttpCall): Pick<EventRequest, 'wish' | 'token'> {
  const { query, parts } = call;
  const { epoch } = parts.hub;
  const wish = readWish(query);
  if (wish.patterns.length === 0) throw new ProtocolError('badRequest', 'topics must name at least one pattern');
  const topics = topicsOf(wish, parts);
  const lastId = lastEventId(call);
  if (lastId === undefined) {
    checkNumbers(topics, wish, parts);
    return { wish, token: undefined };
  }
  const token = readToken(lastId);
  const positions = positionsAt(token, epoch, topics);
  return { wish: { ...wish, since: { positions } }, token: token?.epoch === epoch ? token : undefined };
}

/**
 * What the reader saw last: browsers say it in a header, and give up for good when a returning request is refused, so
 * what can't be read there is as good as another life's. In the query a program says it, which can be told of its mistake.
 */
function lastEventId({ header, query }: HttpCall): string | undefined {
  const fromHeader = header('last-event-id');
  if (fromHeader !== '') return fromHeader;
  const fromQuery = query.get('lastEventId') ?? '';
  if (fromQuery === '') return undefined;
  if (readToken(fromQuery) !== undefined) return fromQuery;
  throw new ProtocolError('badRequest', `lastEventId ${JSON.stringify(fromQuery.slice(0, 60))} is no id of an event`);
}

function topicsOf({ patterns }: SubscriptionWish, { hub }: HttpParts): ReadonlySet<TopicState> {
  return new Set(patterns.flatMap((pattern) => hub.topicsSelectedBy(pattern)));
}

/** Who comes back is never refused for how the topics have multiplied meanwhile. */
function checkNumbers(topics: ReadonlySet<TopicState>, { view }: SubscriptionWish, { options }: HttpParts): void {
  const events = [...topics].filter(({ topic }) => topic.kind === 'event').length;
  if (events > maxEventTopics) {
    throw new ProtocolError('limit', `topics select ${events} event topics, /events carries ${maxEventTopics} at most`);
  }
  if (isPlain(view) || topics.size <= options.maxViewTopics) return;
  const limit = `${options.maxViewTopics} through a view (maxViewTopics)`;
  throw new ProtocolError('limit', `topics select ${topics.size} topics, a connection may watch ${limit}`);
}
