/** Numbers for the lives of topics, the same for all connections of this process: each keeps a number, not two texts. */

export type TopicLife = { readonly topic: string; readonly epoch: string };

export class TopicLives {
  readonly #numbers = new Map<string, number>();
  readonly #lives: TopicLife[] = [];

  numberOf(topic: string, epoch: string): number {
    const key = `${topic} ${epoch}`; // neither has a space in it
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#lives.length);
    return this.#lives.push({ topic, epoch }) - 1;
  }

  /** Of a number that `numberOf` gave. */
  get(number: number): TopicLife {
    const life = this.#lives[number];
    if (life === undefined) throw new RangeError(`no topic's life has the number ${number}`);
    return life;
  }
}
