/** Whether the server should be sent clients. */

/** What is in the way, naming it; undefined when nothing is. */
export type Condition = () => string | undefined;

/** Asks its conditions anew each time. */
export class Readiness {
  readonly #conditions: readonly Condition[];

  constructor(conditions: readonly Condition[]) {
    this.#conditions = conditions;
  }

  /** Everything that is in the way. */
  reasons(): string[] {
    return this.#conditions.flatMap((condition) => condition() ?? []);
  }

  isReady(): boolean {
    return this.#conditions.every((condition) => condition() === undefined);
  }
}
