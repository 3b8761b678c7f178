import { expect, test } from 'vitest';
import { openSettings, toggled } from '../../src/dashboard/frame/settings.ts';

function storageOf(text: string | null) {
  const kept = { text };
  const storage = {
    getItem: () => kept.text,
    setItem: (_: string, value: string) => {
      kept.text = value;
    },
  };
  return { kept, storage };
}

test('a choice is there the next time', () => {
  const { storage } = storageOf(null);
  const settings = openSettings(storage);
  settings.theme.value = 'dark';
  settings.zone.value = 'utc';
  settings.maxRate.value = 2;
  settings.pins.value = ['AAPL'];
  settings.folded.value = ['halts'];
  const again = openSettings(storage);
  expect(Object.values(again).map(({ value }) => value)).toEqual(['dark', 'utc', 2, ['AAPL'], ['halts'], []]);
});

test.each([
  'not JSON',
  'null',
  '[]',
  '7',
  '{"theme":"pink","zone":1,"maxRate":"fast","pins":"AAPL","folded":{},"broad":[1,null]}',
  '{"maxRate":0,"pins":[1]}',
  '{"maxRate":1e9}',
])('whatever was kept there, %s, the page opens with what is usual', (text) => {
  const settings = openSettings(storageOf(text).storage);
  expect(Object.values(settings).map(({ value }) => value)).toEqual(['auto', 'local', null, [], [], []]);
});

test('a browser that keeps nothing shows the page all the same', () => {
  const refuse = () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  const settings = openSettings({ getItem: refuse, setItem: refuse });
  settings.theme.value = 'light';
  expect(settings.theme.value).toBe('light');
});

test('a list is toggled, and never grows without end', () => {
  expect(toggled(['a'], 'b')).toEqual(['a', 'b']);
  expect(toggled(['a', 'b'], 'a')).toEqual(['b']);
  const many = Array.from({ length: 300 }, (_, i) => `${i}`).reduce<readonly string[]>(toggled, []);
  expect(many.length).toBe(200);
});
