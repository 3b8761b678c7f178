import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { serverDefaults } from '../../src/server/options.ts';
import { needs } from '../support/system-packages.ts';

const file = fileURLToPath(new URL('../../deploy/systemd/tickwire@.service', import.meta.url));
const unit = readFileSync(file, 'utf8');

test('the time to stop is longer than the drain', () => {
  const seconds = Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1]);
  expect(seconds).toBeGreaterThan(serverDefaults.drainMs / 1000 + 2);
  expect(unit).toMatch(/^KillSignal=SIGTERM$/m);
});

test('there are files for as many connections as a server holds', () => {
  const files = Number(/^LimitNOFILE=(\d+)$/m.exec(unit)?.[1]);
  expect(files).toBeGreaterThan(serverDefaults.maxConnections);
});

test.skipIf(needs('systemd') !== undefined)('systemd finds nothing wrong with it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tickwire-unit-'));
  try {
    // Where nothing is installed the program and its documentation are not there; everything else is as it is.
    const here = unit
      .replace(/^ExecStart=\S+ \S+/m, `ExecStart=${process.execPath} ${file}`)
      .replace(/^Documentation=.*$/m, '');
    const copy = join(folder, 'tickwire@a.service');
    writeFileSync(copy, here);
    const said = execFileSync('systemd-analyze', ['verify', copy], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    expect(said).toBe('');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
