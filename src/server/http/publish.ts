import { guardJson, ProtocolError } from '../../protocol/index.ts';
import { isOriginAllowed } from '../origins.ts';
import type { ClientPublish } from '../parts.ts';
import { readBody } from './body.ts';
import { type HttpStatus, sendError, sendJson } from './reply.ts';
import type { HttpParts, Route } from './route.ts';

const maxErrorsTold = 10; // enough to find the mistake; a million bad lines must not make a reply of a million

/** One publication, an array of them, or NDJSON, onto topics that the config opens: `{ topic, data, key?, ttlMs? }` each. */
export const publish: Route = {
  method: 'post',
  path: '/publish',
  doc: {
    summary: 'Publish to open topics',
    body: {
      types: ['application/json', 'application/x-ndjson'],
      description: '`{ topic, data, key?, ttlMs? }`, a list of them, or one a line.',
    },
    answers: {
      202: 'What became of each.',
      400: 'Not readable.',
      403: 'The topic, or the page’s origin, is not open.',
      413: 'Too long (maxPublishBytes).',
      429: 'Clients have opened too many topics.',
    },
  },
  handle({ res, header, parts }) {
    const { options } = parts;
    if (!isOriginAllowed(header('origin'), header('host'), options.allowedOrigins)) {
      return sendError(res, 'forbidden', `origin "${header('origin').slice(0, 80)}" is not allowed (allowedOrigins)`);
    }
    const isLines = header('content-type').includes('ndjson');
    readBody(res, options.maxPublishBytes, (body) => {
      if (body === undefined) {
        parts.counts.limitHits.maxPublishBytes++;
        return sendError(res, 'tooLarge', `the body may have ${options.maxPublishBytes} bytes (maxPublishBytes)`);
      }
      const { status, ...report } = publishAll(readEntries(body, isLines), counting(parts));
      sendJson(res, status, report);
    });
  },
};

/** Takes publications as the server does, and counts what became of each. */
function counting({ publish, counts }: HttpParts): ClientPublish {
  return (...publication) => {
    const outcome = publish(...publication);
    counts.published('http', 'refused' in outcome ? outcome.refused : 'taken');
    return outcome;
  };
}

/** An entry that could be read, or what is wrong with it. `at` says where it stood. */
type Entry = { at: string; value: unknown } | { at: string; fault: string };

function readEntries(body: Buffer, isLines: boolean): Entry[] {
  if (isLines) {
    const lines = body.toString('utf8').split('\n');
    return lines.flatMap((line, i) => (line.trim() === '' ? [] : [parse(line, `line ${i + 1}`)]));
  }
  const whole = parse(body.toString('utf8'), 'body');
  if ('fault' in whole || !Array.isArray(whole.value)) return [whole];
  return whole.value.map((value, i) => ({ at: `[${i}]`, value }));
}

function parse(text: string, at: string): Entry {
  try {
    return { at, value: JSON.parse(text) };
  } catch (error) {
    return { at, fault: `not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

type Report = { status: HttpStatus; accepted: number; rejected: number; errors: string[] };

function publishAll(entries: readonly Entry[], publish: ClientPublish): Report {
  const report: Report = { status: 'accepted', accepted: 0, rejected: 0, errors: [] };
  let isForbidden = true;
  for (const entry of entries) {
    const refusal =
      'fault' in entry ? { reason: 'badRequest', message: entry.fault } : publishOne(entry.value, publish);
    if (refusal === undefined) {
      report.accepted++;
      continue;
    }
    report.rejected++;
    isForbidden &&= refusal.reason === 'forbidden';
    if (report.errors.length < maxErrorsTold) report.errors.push(`${entry.at}: ${refusal.message}`);
  }
  if (report.accepted === 0) report.status = report.rejected > 0 && isForbidden ? 'forbidden' : 'badRequest';
  if (entries.length === 0) report.errors.push('body: nothing to publish');
  return report;
}

function publishOne(value: unknown, publish: ClientPublish): { reason: string; message: string } | undefined {
  if (typeof value !== 'object' || value === null) return bad('must be an object { topic, data, key?, ttlMs? }');
  const { topic, data, key, ttlMs } = value as Record<string, unknown>;
  if (typeof topic !== 'string') return bad(`topic must be a string, got ${JSON.stringify(topic) ?? 'nothing'}`);
  if (data === undefined) return bad('data is missing');
  if (key !== undefined && typeof key !== 'string') return bad(`key must be a string, got ${JSON.stringify(key)}`);
  if (ttlMs !== undefined && typeof ttlMs !== 'number')
    return bad(`ttlMs must be a number, got ${JSON.stringify(ttlMs)}`);
  try {
    guardJson(data);
  } catch (error) {
    if (error instanceof ProtocolError) return bad(error.message);
    throw error;
  }
  const outcome = publish(topic, data, key, ttlMs);
  return 'refused' in outcome ? { reason: outcome.refused, message: outcome.message } : undefined;
}

function bad(message: string) {
  return { reason: 'badRequest', message };
}
