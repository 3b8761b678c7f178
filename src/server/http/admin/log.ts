import { readBody } from '../body.ts';
import { sendError, sendJson } from '../reply.ts';
import type { HttpCall, Route } from '../route.ts';
import { audit } from './audit.ts';

const maxBytes = 1024;

const level: Route = {
  method: 'get',
  path: '/admin/log',
  doc: { summary: 'How much is logged', answers: { 200: 'The level.' } },
  guard: 'admin',
  handle: ({ res, parts }) => sendJson(res, 'ok', { level: parts.controls.logLevel() }),
};

/** `{ "level": "debug" }`, of the whole process until it ends. */
const setLevel: Route = {
  method: 'put',
  path: '/admin/log',
  doc: {
    summary: 'Log more, or less',
    body: { types: ['application/json'], description: '`{ "level": "debug" }`' },
    answers: { 200: 'The level.', 400: 'There is no such level.', 413: 'Too long.' },
  },
  guard: 'admin',
  handle(call) {
    readBody(call.res, maxBytes, (body) => {
      if (body === undefined) sendError(call.res, 'tooLarge', `the body may have ${maxBytes} bytes`);
      else set(call, levelIn(body));
    });
  },
};

export const logRoutes: readonly Route[] = [level, setLevel];

function set(call: HttpCall, wanted: unknown): void {
  const { res, parts } = call;
  const { controls } = parts;
  const found = controls.logLevels.find((one) => one === wanted);
  if (found === undefined) {
    const shown = JSON.stringify(wanted)?.slice(0, 60) ?? 'nothing';
    sendError(res, 'badRequest', `level must be one of ${controls.logLevels.join(', ')}, got ${shown}`);
    return;
  }
  audit(call, 'set log level', { from: controls.logLevel(), to: found });
  controls.setLogLevel(found);
  sendJson(res, 'ok', { level: found });
}

/** What is no JSON has no level. */
function levelIn(body: Buffer): unknown {
  try {
    return (JSON.parse(body.toString()) as { level?: unknown } | null)?.level;
  } catch {
    return undefined;
  }
}
