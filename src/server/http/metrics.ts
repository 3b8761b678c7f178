import { sendError, sendText } from './reply.ts';
import type { Exposition, Route } from './route.ts';

/** For Prometheus, in its text format or in OpenMetrics. */
export function metrics(read: Exposition): Route {
  return {
    method: 'get',
    path: '/metrics',
    doc: {
      summary: 'Every metric, for Prometheus',
      answers: { 200: 'Its text format, or OpenMetrics where that is asked for.' },
      contentType: 'text/plain',
    },
    handle({ res, id, header, parts }) {
      let isGone = false;
      res.onAborted(() => {
        isGone = true;
      });
      const accept = header('accept');
      read(accept).then(
        ({ contentType, text }) => {
          if (!isGone) sendText(res, contentType, text);
        },
        (error: unknown) => {
          parts.problems.report('error', 'metrics', { err: error, request: id }, 'the metrics could not be read');
          if (!isGone) sendError(res, 'internal', 'the server failed to read its metrics');
        },
      );
    },
  };
}
