import { expect, test } from 'vitest';
import { needs } from '../support/system-packages.ts';

const missing = needs('chromium');
test.skipIf(missing !== undefined)('chromium is there', () => expect(missing).toBeUndefined());
