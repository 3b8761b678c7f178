/** Numbers for topics that frames name: JSON has no tids. A topic on another stream is another one. */

export class TopicNumbers {
  readonly #plain = new Map<string, number>();
  readonly #ofStreams = new Map<number, Map<string, number>>();
  #last = 0;

  /** `stream` 0: none. Numbers begin with 1. */
  of(topic: string, stream: number): number {
    const numbers = stream === 0 ? this.#plain : this.#streamed(stream);
    let number = numbers.get(topic);
    if (number === undefined) {
      number = ++this.#last;
      numbers.set(topic, number);
    }
    return number;
  }

  #streamed(stream: number): Map<string, number> {
    let numbers = this.#ofStreams.get(stream);
    if (numbers === undefined) {
      numbers = new Map();
      this.#ofStreams.set(stream, numbers);
    }
    return numbers;
  }
}
