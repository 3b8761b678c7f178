import { expect, test } from 'vitest';
import { requestId } from '../../src/server/http/request-id.ts';

test('an id that came with the request is kept', () => {
  expect(requestId('4bf92f35-77b3.x_1')).toBe('4bf92f35-77b3.x_1');
});

test.each(['', 'two words', 'a\r\nX-Evil: 1', 'x'.repeat(65), 'ünïcode'])('%j is none, so it gets one', (given) => {
  const id = requestId(given);
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-z]+$/);
  expect(requestId(given)).not.toBe(id);
});
