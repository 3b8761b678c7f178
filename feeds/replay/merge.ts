/**
 * Runs several sources side by side and yields what each gives as it comes. A source is asked for its next value only
 * when its last one was taken. Rejects with the first failure of any; all sources are let go of when the reader stops.
 */
export async function* merge<T>(sources: readonly AsyncIterable<T>[]): AsyncGenerator<T> {
  const offered: Offer<T>[] = [];
  let running = sources.length;
  let isOver = false;
  let failure: { error: unknown } | undefined;
  let wake = () => {};

  const run = async (source: AsyncIterable<T>) => {
    try {
      for await (const value of source) {
        if (isOver) return;
        await new Promise<void>((taken) => {
          offered.push({ value, taken });
          wake();
        });
        if (isOver) return;
      }
    } catch (error) {
      failure ??= { error };
    } finally {
      running--;
      wake();
    }
  };

  try {
    for (const source of sources) void run(source);
    while (running > 0 || offered.length > 0) {
      if (failure !== undefined) throw failure.error;
      const offer = offered.shift();
      if (offer === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      yield offer.value;
      offer.taken();
    }
    if (failure !== undefined) throw (failure as { error: unknown }).error;
  } finally {
    isOver = true;
    for (const { taken } of offered) taken();
  }
}

type Offer<T> = { value: T; taken: () => void };
