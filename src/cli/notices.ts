/** What is said beside the updates, a line for many topics at once: nobody reads a thousand lines a second. */

import { printable } from './printable.ts';
import { showCount } from './show.ts';

/** `n`: how many topics; `count`: what was counted of them. */
type Sentence = (who: string, n: number, count: number) => string;

const sentences = {
  stale: (who, n) => `${who} ${n === 1 ? 'is' : 'are'} stale: silent for longer than is normal`,
  live: (who, n) => `${who} ${n === 1 ? 'is' : 'are'} live again`,
  epoch: (who) => `${who} began anew: what was published before that is not known`,
  slow: (who, _, count) => `too slow: ${showCount(count)} updates of ${who} were left out`,
  repaired: (who) => `${who}: what was held was wrong, and was replaced by the server's state`,
} satisfies Record<string, Sentence>;

export type NoticeKind = keyof typeof sentences;

const gatherMs = 500;
const named = 3;

export class Notices {
  readonly #say: (message: string) => void;
  /** By topic: how many. */
  readonly #gathered = new Map<NoticeKind, Map<string, number>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(say: (message: string) => void) {
    this.#say = say;
  }

  note(kind: NoticeKind, topic: string, count = 1): void {
    const topics = this.#gathered.get(kind) ?? new Map<string, number>();
    this.#gathered.set(kind, topics.set(topic, (topics.get(topic) ?? 0) + count));
    this.#timer ??= setTimeout(() => this.flush(), gatherMs);
  }

  /** Says what was gathered. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const [kind, topics] of this.#gathered) {
      const sentence: Sentence = sentences[kind];
      const count = [...topics.values()].reduce((sum, one) => sum + one, 0);
      this.#say(sentence(listed([...topics.keys()]), topics.size, count));
    }
    this.#gathered.clear();
  }
}

function listed(topics: readonly string[]): string {
  const shown = topics.slice(0, named).map(printable).join(', ');
  return topics.length <= named ? shown : `${shown} and ${showCount(topics.length - named)} more`;
}
