import { expect, test } from 'vitest';
import { FrameMeter } from '../../src/dashboard/draw/frame-meter.ts';

const warmUp = 60;

/** Frames of a display of `hz`, of which every `missEvery`-th does not come. */
function run(meter: FrameMeter, hz: number, frames: number, missEvery = Number.POSITIVE_INFINITY, from = 1): number {
  let at = from;
  for (let i = 1; i <= frames; i++) {
    at += 1000 / hz;
    if (i % missEvery !== 0) meter.drew(at, 2);
  }
  return at;
}

test.each([60, 144])('a display of %d Hz that misses nothing drops nothing', (hz) => {
  const meter = new FrameMeter();
  meter.read(0);
  const at = run(meter, hz, 1000);
  const reading = meter.read(at);
  expect(reading.fps).toBeCloseTo(hz, -1);
  expect(reading.meanDrawMs).toBe(2);
  expect(meter.dropped).toBe(0);
});

test.each([60, 144])('at %d Hz every missed frame is counted, once it is warm', (hz) => {
  const meter = new FrameMeter();
  const at = run(meter, hz, warmUp + 300);
  run(meter, hz, 1001, 50, at); // a missed frame shows with the next one
  expect(meter.dropped).toBe(20);
});

test('a tab that slept missed nothing', () => {
  const meter = new FrameMeter();
  const at = run(meter, 60, 300);
  meter.drew(at + 60_000, 2);
  expect(meter.dropped).toBe(0);
});
