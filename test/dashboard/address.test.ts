import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeHash, readPlace } from '../../src/dashboard/frame/address.ts';

test('a place comes back from its address, whatever its item is called', () => {
  const params = fc.dictionary(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }));
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), params, (item, given) => {
      const place = { view: 'topics', item, params: { ...given } };
      expect(readPlace(placeHash(place), 'markets')).toEqual(place);
    }),
  );
});

test('an address that says nothing, or nonsense, is the first view', () => {
  expect(readPlace('', 'markets')).toEqual({ view: 'markets', item: undefined, params: {} });
  expect(readPlace('#/', 'markets')).toEqual({ view: 'markets', item: undefined, params: {} });
  expect(readPlace('#/topics/%E0%A4%A', 'markets')).toEqual({ view: 'topics', item: '%E0%A4%A', params: {} });
});

test('addresses stay readable', () => {
  expect(placeHash({ view: 'markets', item: 'BRK-B', params: { range: '4h', venue: '' } })).toBe(
    '#/markets/BRK-B?range=4h',
  );
});
