import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { missingPackages } from './missing-packages.ts';

test('the end of a run names each missing program once, with how many test files it cost and why', () => {
  const directory = mkdtempSync(join(tmpdir(), 'tickwire-missing-'));
  writeFileSync(join(directory, 'skipped.chromium.1'), 'only root may install it');
  writeFileSync(join(directory, 'skipped.chromium.2'), 'only root may install it');
  writeFileSync(join(directory, 'failed.chromium'), 'no network');

  expect(missingPackages(directory)).toEqual([
    '!!! 2 test files skipped: chromium is missing (apt-get install chromium): only root may install it',
  ]);
  rmSync(directory, { recursive: true });
});
