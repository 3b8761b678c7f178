import { expect, test } from 'vitest';
import { historyDefaults, historyLimitsFor } from '../../src/bus/history-rules.ts';

const small = { maxCount: 5, maxBytes: 1000, maxAgeMs: 1000 };
const rules = [
  { pattern: 'chat.private', ...small, maxCount: 0 },
  { pattern: 'chat.*', ...small },
  { pattern: 'chat.>', ...small, maxCount: 7 },
];

test('the first rule that selects a topic decides, whatever the topic keeps', () => {
  for (const kind of ['event', 'latest', 'keyed'] as const) {
    expect(historyLimitsFor(rules, { name: 'chat.lobby', kind })).toMatchObject(small);
    expect(historyLimitsFor(rules, { name: 'chat.lobby.typing', kind })).toMatchObject({ ...small, maxCount: 7 });
  }
});

test('a rule of no publications means no history', () => {
  expect(historyLimitsFor(rules, { name: 'chat.private', kind: 'event' })).toBeUndefined();
});

test('where no rule says anything, event topics alone keep some of their past', () => {
  expect(historyLimitsFor(rules, { name: 'trades', kind: 'event' })).toEqual(historyDefaults);
  for (const kind of ['latest', 'keyed'] as const) {
    expect(historyLimitsFor(rules, { name: 'trades', kind })).toBeUndefined();
  }
});

test('where no rule selects a topic, its owner says what it keeps, and what it leaves out is the default', () => {
  const history = { maxCount: 9, maxAgeMs: 5 };
  expect(historyLimitsFor(rules, { name: 'chat.lobby', kind: 'latest', history })).toMatchObject(small);
  for (const kind of ['event', 'latest', 'keyed'] as const) {
    expect(historyLimitsFor(rules, { name: 'trades', kind, history })).toEqual({ ...historyDefaults, ...history });
    expect(historyLimitsFor(rules, { name: 'trades', kind, history: { maxCount: 0 } })).toBeUndefined();
  }
});

test('ephemeral topics are never kept', () => {
  expect(historyLimitsFor(rules, { name: 'chat.lobby', kind: 'ephemeral' })).toBeUndefined();
  expect(historyLimitsFor([], { name: 'typing', kind: 'ephemeral', history: { maxCount: 9 } })).toBeUndefined();
});
