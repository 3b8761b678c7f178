/** Who may see and do what is not for everybody: whoever has the token, or where there is none, this machine. */

import { createHash, timingSafeEqual } from 'node:crypto';
import type { AdminOutcome, ServerCounts } from '../counts.ts';
import { peerAddress } from '../peer-address.ts';
import type { ProblemLog } from '../problem-log.ts';
import { sendError } from './reply.ts';
import type { HttpCall } from './route.ts';
import { WrongTries } from './wrong-tries.ts';

/** `admin`: by the token alone. `inside`: without a token also whoever asks from this machine. */
export type Guarding = 'admin' | 'inside';

export type GuardParts = {
  readonly adminToken: string | undefined;
  readonly counts: ServerCounts;
  readonly problems: ProblemLog;
};

const forwarding = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'] as const;

export class Guard {
  readonly #parts: GuardParts;
  readonly #wanted: Buffer | undefined;
  readonly #wrong = new WrongTries();

  constructor(parts: GuardParts) {
    this.#parts = parts;
    this.#wanted = parts.adminToken === undefined ? undefined : digest(parts.adminToken);
  }

  /** False when it was not let in, and has been told so. */
  admits(guarding: Guarding, call: HttpCall): boolean {
    const wanted = this.#wanted;
    if (wanted !== undefined) return this.#admitsToken(wanted, call);
    if (guarding === 'inside') return this.#admitsNeighbour(call);
    this.#count('off');
    sendError(call.res, 'notFound', 'there is no admin here: server.adminToken (TICKWIRE_ADMIN_TOKEN) is not set');
    return false;
  }

  #admitsToken(wanted: Buffer, call: HttpCall): boolean {
    const address = peerAddress(call.res);
    const waitSec = this.#wrong.waitSec(address, performance.now());
    if (waitSec > 0) return this.#refuse(call, 'limited', address, waitSec);
    const given = /^Bearer ([A-Za-z0-9._~+/-]+=*)$/.exec(call.header('authorization'))?.[1];
    if (given === undefined) return this.#refuse(call, 'missing', address);
    if (!timingSafeEqual(digest(given), wanted)) {
      this.#wrong.add(address, performance.now());
      return this.#refuse(call, 'wrong', address);
    }
    this.#count('ok');
    return true;
  }

  /** Who came through a proxy may be anybody. */
  #admitsNeighbour(call: HttpCall): boolean {
    const isForwarded = forwarding.some((name) => call.header(name) !== '');
    if (!isForwarded && isLoopback(peerAddress(call.res))) return true;
    this.#count('off');
    const why = 'without server.adminToken (TICKWIRE_ADMIN_TOKEN) this is for programs on the same machine';
    sendError(call.res, 'forbidden', why);
    return false;
  }

  #refuse(call: HttpCall, outcome: 'limited' | 'missing' | 'wrong', address: string, waitSec = 0): false {
    const { counts, problems } = this.#parts;
    this.#count(outcome);
    if (outcome === 'limited') counts.limitHits.adminRate++;
    const { status, why, message } = refusals[outcome];
    const fields = { request: call.id, address, route: call.route };
    problems.report('warn', `admin ${outcome}`, fields, `an admin request was refused: ${why}`);
    const headers = outcome === 'limited' ? { 'Retry-After': `${waitSec}` } : challenges[outcome];
    sendError(call.res, status, message, headers);
    return false;
  }

  #count(outcome: AdminOutcome): void {
    this.#parts.counts.admin[outcome]++;
  }
}

const refusals = {
  missing: { status: 'unauthorized', why: 'no token', message: 'this needs Authorization: Bearer <adminToken>' },
  wrong: { status: 'forbidden', why: 'wrong token', message: 'this is not the adminToken' },
  limited: { status: 'tooMany', why: 'too many wrong tokens', message: 'too many wrong tokens came from this address' },
} as const;

/** RFC 6750 section 3. */
const challenges = {
  missing: { 'WWW-Authenticate': 'Bearer realm="tickwire"' },
  wrong: { 'WWW-Authenticate': 'Bearer realm="tickwire", error="invalid_token"' },
} as const;

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function isLoopback(address: string): boolean {
  return /^(127\.|::ffff:127\.|0000:0000:0000:0000:0000:ffff:7f|::1$|0000:0000:0000:0000:0000:0000:0000:0001$)/.test(
    address,
  );
}
