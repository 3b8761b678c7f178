/** A binary heap whose members know their places, so that any of them can be moved or taken out. */

export type HeapMember = {
  /** Kept by the heap that it is in; -1 while it is in none. */
  place: number;
};

export class Heap<T extends HeapMember> {
  readonly #members: T[] = [];
  readonly #comesBefore: (a: T, b: T) => boolean;

  constructor(comesBefore: (a: T, b: T) => boolean) {
    this.#comesBefore = comesBefore;
  }

  /** The one that comes before all others. */
  get top(): T | undefined {
    return this.#members[0];
  }

  get size(): number {
    return this.#members.length;
  }

  add(member: T): void {
    member.place = this.#members.length;
    this.#members.push(member);
    this.#rise(member);
  }

  /** To be told whenever what a member is compared by has changed. */
  moved(member: T): void {
    this.#rise(member);
    this.#sink(member);
  }

  /** Of a member that is in it. */
  remove(member: T): void {
    const { place } = member;
    const last = this.#members.pop();
    member.place = -1;
    if (last === undefined || last === member) return;
    this.#put(last, place);
    this.moved(last);
  }

  #rise(member: T): void {
    let place = member.place;
    while (place > 0) {
      const above = (place - 1) >>> 1;
      const parent = this.#members[above];
      if (parent === undefined || !this.#comesBefore(member, parent)) break;
      this.#put(parent, place);
      place = above;
    }
    this.#put(member, place);
  }

  #sink(member: T): void {
    let place = member.place;
    for (;;) {
      const below = this.#firstBelow(place);
      if (below === undefined || !this.#comesBefore(below, member)) break;
      const next = below.place;
      this.#put(below, place);
      place = next;
    }
    this.#put(member, place);
  }

  #firstBelow(place: number): T | undefined {
    const left = this.#members[2 * place + 1];
    const right = this.#members[2 * place + 2];
    if (left === undefined || right === undefined) return left;
    return this.#comesBefore(right, left) ? right : left;
  }

  #put(member: T, place: number): void {
    this.#members[place] = member;
    member.place = place;
  }
}
