import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineFeed } from '../../src/feed/define-feed.ts';
import { createDemand, createLab } from './lab.ts';

const schema = z.object({ n: z.int() });

function counter(demand?: 'always' | 'run' | 'rate') {
  return defineFeed({
    name: 'counter',
    topics: { 'c.n': { schema } },
    ...(demand !== undefined && { demand }),
    every: 1000,
    setup: () => ({ n: 0 }),
    tick({ publish }, state) {
      publish('c.n', { n: ++state.n });
    },
  });
}

test.each(['always', 'run', 'rate'] as const)('a timer that runs %s keeps its state over a pause', async (demand) => {
  const lab = createLab();
  const feed = lab.run(counter(demand), { demand: createDemand(Number.POSITIVE_INFINITY) });
  await lab.until(3);
  feed.pause();
  feed.pause();
  expect(feed.stats().status).toBe('paused');
  const before = lab.published.length;
  await lab.until(20);
  expect(lab.published).toHaveLength(before);
  expect(feed.stats().activity).toBe('idle');
  feed.resume();
  feed.resume();
  await lab.until(25);
  expect(feed.stats()).toMatchObject({ status: 'ok', activity: 'running' });
  expect(lab.published[before]).toMatchObject({ data: { n: before + 1 } });
  await feed.stop();
});

test('a stream is ended, and begun again', async () => {
  const lab = createLab();
  let starts = 0;
  const feed = lab.run(
    defineFeed({
      name: 'flow',
      topics: { 'c.n': { schema } },
      demand: 'always',
      async *stream({ clock, signal }) {
        starts++;
        for (let n = 1; !signal.aborted; n++) {
          yield { topic: 'c.n', data: { n } };
          await clock.sleep(1000);
        }
      },
    }),
  );
  await lab.until(3);
  feed.pause();
  await lab.until(10);
  const before = lab.published.length;
  await lab.until(20);
  expect(lab.published).toHaveLength(before);
  feed.resume();
  await lab.until(22);
  expect(starts).toBe(2);
  expect(lab.published.length).toBeGreaterThan(before);
  await feed.stop();
});

test('nobody’s wish starts what is paused, and a wish that went meanwhile is not remembered', async () => {
  const lab = createLab();
  const demand = createDemand(0);
  const feed = lab.run(counter('run'), { demand });
  feed.pause();
  demand.want(Number.POSITIVE_INFINITY);
  await lab.until(5);
  expect(lab.published).toHaveLength(0);
  demand.want(0);
  feed.resume();
  await lab.until(10);
  expect(lab.published).toHaveLength(0);
  demand.want(1);
  await lab.until(15);
  expect(lab.published.length).toBeGreaterThan(0);
  await feed.stop();
});

test('what is stopped is not paused any more', async () => {
  const lab = createLab();
  const feed = lab.run(counter());
  feed.pause();
  await lab.until(2);
  await feed.stop();
  expect(feed.stats().status).toBe('stopped');
});
