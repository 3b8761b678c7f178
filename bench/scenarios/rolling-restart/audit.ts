/** One client's word on what it was told: in order, once, and every hole announced. */

import type { Client, Message } from '../../../src/client/index.ts';

export type Findings = {
  messages: number;
  /** Publications that came again, or after a later one. */
  duplicates: number;
  /** Publications of one life of a topic that never came and that nobody spoke of. */
  unannounced: number;
  /** Lives of topics that began without a word. */
  unannouncedLives: number;
  /** Those that the client was told of. */
  lives: number;
  /** The longest time without a message, milliseconds. */
  silenceMs: number;
  /** When it was on its next connection, milliseconds since 1970; undefined: never. */
  movedAt: number | undefined;
  /** Times that it had no connection at all. */
  cutOff: number;
};

type Place = { epoch: string; seq: number; announced: number };

export class Audit {
  readonly findings: Findings = {
    messages: 0,
    duplicates: 0,
    unannounced: 0,
    unannouncedLives: 0,
    lives: 0,
    silenceMs: 0,
    movedAt: undefined,
    cutOff: 0,
  };
  readonly #places = new Map<string, Place>();
  readonly #toldLives = new Set<string>();
  #lastAt: number | undefined;
  #opened = 0;

  constructor(client: Client, pattern: string) {
    client.on('epoch', ({ topic, after }) => void this.#toldLives.add(`${topic} ${after}`));
    client.on('gap', ({ topic, fromSeq, toSeq }) => this.#announce(topic, toSeq - fromSeq + 1));
    client.on('skipped', ({ topic, from, to }) => this.#announce(topic, to - from + 1));
    client.on('state', ({ name }) => {
      if (name === 'waiting') this.findings.cutOff++;
      if (name === 'open' && ++this.#opened > 1) this.findings.movedAt = Date.now();
    });
    client.subscribe(pattern, (message) => this.#take(message));
  }

  #announce(topic: string, count: number): void {
    const place = this.#places.get(topic);
    if (place !== undefined) place.announced += count;
  }

  #take({ topic, epoch, seq, isSnapshot }: Message): void {
    const { findings } = this;
    const now = performance.now();
    if (this.#lastAt !== undefined) findings.silenceMs = Math.max(findings.silenceMs, now - this.#lastAt);
    this.#lastAt = now;
    findings.messages++;
    const place = this.#places.get(topic);
    if (place === undefined) {
      this.#places.set(topic, { epoch, seq, announced: 0 });
      return;
    }
    if (epoch !== place.epoch) this.#begin(topic, epoch);
    else if (seq <= place.seq && !isSnapshot) findings.duplicates++;
    else findings.unannounced += Math.max(0, seq - place.seq - 1 - place.announced);
    this.#places.set(topic, { epoch, seq, announced: 0 });
  }

  #begin(topic: string, epoch: string): void {
    if (this.#toldLives.has(`${topic} ${epoch}`)) this.findings.lives++;
    else this.findings.unannouncedLives++;
  }
}
