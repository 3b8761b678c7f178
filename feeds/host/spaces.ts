import type { Machine, Space } from './machine.ts';

const patienceMs = 200; // a local file system answers within a millisecond
const maxHanging = 2; // each hanging call holds one of the four threads that all file work of this process shares

/** Asks file systems for their space without ever being held up by one that hangs, as a lost NFS server makes it do. */
export class Spaces {
  readonly #statfs: Machine['statfs'];
  readonly #hanging = new Set<string>();

  constructor(statfs: Machine['statfs']) {
    this.#statfs = statfs;
  }

  /** Undefined for a path that does not answer; it is not asked again before its last call has come back. */
  async of(path: string): Promise<Space | undefined> {
    if (this.#hanging.has(path) || this.#hanging.size >= maxHanging) return undefined;
    this.#hanging.add(path);
    const answer = this.#statfs(path)
      .catch(() => undefined) // not permitted, or unmounted since
      .finally(() => this.#hanging.delete(path));
    return withinPatience(answer);
  }
}

async function withinPatience<T>(answer: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, patienceMs, undefined);
  });
  return Promise.race([answer, tooLong]).finally(() => clearTimeout(timer));
}
