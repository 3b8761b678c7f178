/** Programs that some tests need and npm cannot bring. A test that lacks one is skipped and counted aloud, never silently. */

import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';

type Needed = {
  readonly program: string;
  /** A file without which the program is not enough, a module of it. */
  readonly part?: string;
  readonly aptPackage: string | undefined;
};

/** What may be asked for. To add one: its program's path and the Debian package that brings it, if there is one. */
export const systemPackages = {
  chromium: { program: '/usr/bin/chromium', aptPackage: 'chromium' },
  natsServer: { program: '/usr/sbin/nats-server', aptPackage: 'nats-server' },
  mosquitto: { program: '/usr/sbin/mosquitto', aptPackage: 'mosquitto' },
  nchan: {
    program: '/usr/sbin/nginx',
    part: '/usr/lib/nginx/modules/ngx_nchan_module.so',
    aptPackage: 'libnginx-mod-nchan',
  },
  nginx: { program: '/usr/sbin/nginx', aptPackage: 'nginx' },
  haproxy: { program: '/usr/sbin/haproxy', aptPackage: 'haproxy' },
  prometheus: { program: '/usr/bin/prometheus', aptPackage: 'prometheus' },
  systemd: { program: '/usr/bin/systemd-analyze', aptPackage: 'systemd' },
  kubectl: { program: '/usr/bin/kubectl', aptPackage: undefined },
} as const satisfies Record<string, Needed>;
export type SystemPackage = keyof typeof systemPackages;

declare module 'vitest' {
  interface ProvidedContext {
    /** A directory of this test run alone, made by test/support/missing-packages.ts. */
    runDirectory: string;
  }
}

/**
 * Undefined when the program is there, or was installed just now (root on a machine with apt-get). Otherwise the reason,
 * which is also counted for the end of the run. Call it once a test file: `describe.skipIf(needs('chromium') !== undefined)`.
 */
export function needs(name: SystemPackage): string | undefined {
  const reason = isThere(name) ? undefined : (earlierFailure(name) ?? install(name));
  if (reason !== undefined) writeFileSync(join(inject('runDirectory'), `skipped.${name}.${randomUUID()}`), reason);
  return reason;
}

function isThere(name: SystemPackage): boolean {
  const { program, part }: Needed = systemPackages[name];
  return isExecutable(program) && (part === undefined || existsSync(part));
}

/** One failed installation is enough for a run; the next test file does not wait for another. */
function earlierFailure(name: SystemPackage): string | undefined {
  const note = failureNote(name);
  return existsSync(note) ? readFileSync(note, 'utf8') : undefined;
}

function install(name: SystemPackage): string | undefined {
  if (systemPackages[name].aptPackage === undefined) return 'not there, and Debian has no package of it';
  if (process.getuid?.() !== 0) return 'not there, and only root may install it';
  if (!isExecutable('/usr/bin/apt-get')) return 'not there, and there is no apt-get to install it with';
  try {
    const lock = join(tmpdir(), 'tickwire-system-packages.lock');
    execFileSync('flock', ['-w', '600', lock, 'sh', '-c', script(name)], {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 600_000,
    });
  } catch (error) {
    const reason = `not there, and apt-get could not install it: ${lastLines(error)}`;
    writeFileSync(failureNote(name), reason);
    return reason;
  }
  return isThere(name) ? undefined : `apt-get installed it, but ${systemPackages[name].program} is still not there`;
}

/** Whoever gets the lock second finds the program there, or the note of the failure. */
function script(name: SystemPackage): string {
  const { program, part = program, aptPackage }: Needed = systemPackages[name];
  const quick = '-q -o Acquire::http::Timeout=20 -o Acquire::Retries=1 -o DPkg::Lock::Timeout=120';
  return [
    `test -x ${program} -a -e ${part} && exit 0`,
    `test -e ${failureNote(name)} && exit 1`,
    'export DEBIAN_FRONTEND=noninteractive',
    `apt-get update ${quick} && apt-get install -y --no-install-recommends ${quick} ${aptPackage}`,
  ].join('\n');
}

function failureNote(name: SystemPackage): string {
  return join(inject('runDirectory'), `failed.${name}`);
}

function lastLines(error: unknown): string {
  const output = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  return (output === '' ? String(error) : output).split('\n').slice(-3).join(' / ');
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
