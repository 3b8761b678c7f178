import { expect, test } from 'vitest';
import { Heartbeat } from '../../src/client/heartbeat.ts';
import { ManualTime } from '../support/manual-time.ts';

function started() {
  const time = new ManualTime();
  const events: string[] = [];
  const heartbeat = new Heartbeat(time, {
    speak: () => events.push(`speak ${time.elapsed()}`),
    dead: (silenceMs) => events.push(`dead ${silenceMs}`),
  });
  heartbeat.start({ heartbeatMs: 10_000, timeoutMs: 25_000 });
  return { time, events, heartbeat };
}

test('speaks after a heartbeat of own silence, and again after the next', () => {
  const { time, events, heartbeat } = started();
  time.pass(9999);
  expect(events).toEqual([]);
  time.pass(1);
  heartbeat.heard();
  time.pass(10_000);
  expect(events).toEqual(['speak 10000', 'speak 20000']);
});

test('whatever is sent puts the next word off', () => {
  const { time, events, heartbeat } = started();
  time.pass(6000);
  heartbeat.sent();
  time.pass(9999);
  expect(events).toEqual([]);
  time.pass(1);
  expect(events).toEqual(['speak 16000']);
});

test('a peer silent for the whole timeout is dead; any word keeps it alive', () => {
  const { time, events, heartbeat } = started();
  time.pass(24_000);
  heartbeat.heard();
  time.pass(24_999);
  expect(events.filter((event) => event.startsWith('dead'))).toEqual([]);
  time.pass(1);
  expect(events.at(-1)).toBe('dead 25000');
  expect(time.timers).toBe(0);
});

test('after we were held up ourselves, the peer gets a moment for what waits unread', () => {
  const { time, events, heartbeat } = started();
  time.holdUp(60_000);
  expect(events).toEqual([]);
  heartbeat.heard();
  time.pass(500);
  expect(events).toEqual(['speak 60500']);
  time.holdUp(60_000);
  time.pass(500);
  expect(events.at(-1)).toMatch(/^dead/);
});

test('stopped, it is silent', () => {
  const { time, events, heartbeat } = started();
  heartbeat.stop();
  time.pass(100_000);
  expect(events).toEqual([]);
});
