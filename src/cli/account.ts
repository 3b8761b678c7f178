/** The publications of one topic as one subscriber was told of them: each exactly once, or it is found out. */

import { emptyLedger, type Ledger } from '../client/ledger.ts';
import type { ServerFrame } from '../protocol/frames.ts';

type Tally = { -readonly [Fate in keyof Ledger]: number };

export class Account {
  readonly tally: Tally = { ...emptyLedger };
  /** Publications that nothing was said of, or that came twice, in words. */
  readonly faults: string[] = [];
  #at = 0;
  #hasBegun = false;

  /** Everything up to here is accounted for. */
  get at(): number {
    return this.#at;
  }

  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** Frames that are not about publications are passed over. */
  enter(frame: ServerFrame): void {
    switch (frame.op) {
      case 'snapshot':
        if (frame.last) this.#begin(frame.seq);
        break;
      case 'data':
      case 'patch':
      case 'remove':
        this.#pass(frame.seq, frame.seq, 'delivered', 1);
        break;
      case 'mark':
        this.#pass(frame.from, frame.to, frame.reason === 'filter' ? 'filtered' : 'conflated', frame.count);
        break;
      case 'gap':
        this.#pass(frame.from, frame.to, 'missed', frame.to - frame.from + 1);
        break;
    }
  }

  /** What is left when there is nothing more to come: those up to `seq` that nothing was said of. */
  close(seq: number): void {
    if (seq > this.#at) this.#blame(`nothing was said of ${range(this.#at + 1, seq)}`);
  }

  /** A later snapshot stands for what is before it. */
  #begin(seq: number): void {
    if (this.#hasBegun && seq < this.#at) this.#blame(`a snapshot at ${seq} came after ${this.#at}`);
    if (this.#hasBegun && seq > this.#at) this.#count(seq, 'conflated', seq - this.#at);
    this.#hasBegun = true;
    this.#at = seq;
  }

  /** Of a MARK that counts less than its range the rest did not match. */
  #pass(from: number, to: number, fate: Exclude<keyof Tally, 'published'>, count: number): void {
    this.#hasBegun = true;
    if (from > this.#at + 1) this.#blame(`nothing was said of ${range(this.#at + 1, from - 1)}`);
    else if (from <= this.#at) this.#blame(`${range(from, Math.min(to, this.#at))} came twice`);
    this.#count(to, fate, count);
    this.#at = Math.max(this.#at, to);
  }

  #count(to: number, fate: Exclude<keyof Tally, 'published'>, count: number): void {
    this.tally.published += Math.max(0, to - this.#at);
    this.tally[fate] += count;
    if (fate === 'conflated') this.tally.filtered += Math.max(0, to - this.#at - count);
  }

  #blame(fault: string): void {
    this.faults.push(fault);
  }
}

function range(from: number, to: number): string {
  return from === to ? `${from}` : `${from} to ${to}`;
}
