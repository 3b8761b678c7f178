import { retryAfterSec } from '../admission.ts';
import { sendJson } from './reply.ts';
import type { Route } from './route.ts';

/** Whether new clients should be sent here, and everything that speaks against it. */
export const ready: Route = {
  method: 'get',
  path: '/readyz',
  doc: {
    summary: 'Whether to send clients here',
    answers: { 200: 'Yes.', 503: 'No, and `reasons` say why: it starts, drains, or lacks a required feed.' },
  },
  handle({ res, parts }) {
    const reasons = parts.readiness.reasons();
    if (reasons.length === 0) return sendJson(res, 'ok', { ready: true });
    sendJson(res, 'unavailable', { ready: false, reasons }, { 'Retry-After': String(retryAfterSec) });
  },
};
