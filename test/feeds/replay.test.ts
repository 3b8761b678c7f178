import { test } from 'vitest';
import { replay } from '../../feeds/replay/index.ts';
import { runInVirtualTime } from '../../src/feed/testing.ts';
test('x', async () => {
  const t=performance.now();
  const run = await runInVirtualTime(replay, { forMs: 20000 });
  console.log(performance.now()-t, JSON.stringify(run.published.slice(0,6),null,1), run.published.length, run.rejected, run.logged, run.stats);
});
