import { expect, test } from 'vitest';
import { createLogger } from '../src/logger.ts';

test('without a terminal each line is one JSON object with an ISO time and the level in words', () => {
  const out = collect(false);
  createLogger({ level: 'info', format: 'auto' }, out).info({ port: 9000 }, 'up');
  const line = JSON.parse(out.text());
  expect(line).toEqual({ level: 'info', time: expect.stringMatching(/^\d{4}-.*Z$/), port: 9000, msg: 'up' });
});

test('on a terminal lines are for people, and format wins over the terminal', () => {
  const out = collect(true);
  createLogger({ level: 'info', format: 'auto' }, out).info('up');
  expect(out.text()).toMatch(/INFO.*up\n$/);
  const json = collect(true);
  createLogger({ level: 'info', format: 'json' }, json).info('up');
  expect(JSON.parse(json.text()).msg).toBe('up');
});

test('levels below the asked one are not written', () => {
  const out = collect(false);
  const log = createLogger({ level: 'warn', format: 'json' }, out);
  log.info('no');
  log.warn('yes');
  expect(out.text()).not.toContain('"no"');
  expect(out.text()).toContain('"yes"');
});

test('tokens and authorization headers are hidden, at the top and inside', () => {
  const out = collect(false);
  const log = createLogger({ level: 'info', format: 'json' }, out);
  log.info({ token: 's1', request: { authorization: 's2', headers: { authorization: 's3' } } }, 'x');
  expect(out.text()).not.toMatch(/s1|s2|s3/);
  expect(out.text()).toContain('[hidden]');
});

test('control characters from outside never reach a terminal', () => {
  const out = collect(false); // so that no colours of our own are in it
  const log = createLogger({ level: 'info', format: 'pretty' }, out);
  log.info({ topic: 'a\u001b[2Jb\u009bc' }, 'said \u001b]0;title\u0007');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
  expect(out.text()).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  expect(out.text()).toContain('u001b]0;title');
});

function collect(isTTY: boolean) {
  const lines: string[] = [];
  return { isTTY, write: (line: string) => void lines.push(line), text: () => lines.join('') };
}
