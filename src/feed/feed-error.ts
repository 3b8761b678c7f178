/** What a feed throws to say what the runtime should do about it. Anything else thrown counts as Retry. */

/** Back off and start again; `afterMs` overrides the policy's own delay. */
class Retry extends Error {
  override readonly name = 'FeedError.Retry';
  readonly afterMs: number | undefined;
  constructor(message: string, options: { afterMs?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.afterMs = options.afterMs;
  }
}

/** Stop for good: wrong credentials, a file that is not there. */
class Fatal extends Error {
  override readonly name = 'FeedError.Fatal';
}

export const FeedError = { Retry, Fatal } as const;
