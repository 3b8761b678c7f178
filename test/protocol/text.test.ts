import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isWellFormed, wellFormed } from '../../src/protocol/text.ts';

const units = fc.string({ unit: fc.constantFrom('a', 'é', '€', '😀', '\ud83d', '\ude00') });
const viaUtf8 = (text: string) => Buffer.from(text, 'utf8').toString('utf8');

test('the well-formed text is what comes back from UTF-8', () => {
  fc.assert(
    fc.property(units, (text) => {
      expect(wellFormed(text)).toBe(viaUtf8(text));
    }),
  );
});

test('a text is well-formed exactly when UTF-8 carries it unchanged', () => {
  fc.assert(
    fc.property(units, (text) => {
      expect(isWellFormed(text)).toBe(viaUtf8(text) === text);
    }),
  );
});
