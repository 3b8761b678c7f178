/** The Debian packages of the brokers. */

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Program } from './peer.ts';

/** Undefined when the program is there, or was installed just now; otherwise why it is not. */
export function missing(program: Program): string | undefined {
  if (isThere(program)) return undefined;
  const wanted = program.packages.join(' ');
  if (process.getuid?.() !== 0) return `${wanted}: not there, and only root may install it`;
  if (!existsSync('/usr/bin/apt-get')) return `${wanted}: not there, and there is no apt-get to install it with`;
  console.log(`installing ${wanted}`);
  const { status, stderr } = spawnSync('sh', ['-c', installation(program)], { encoding: 'utf8', timeout: 600_000 });
  if (status === 0 && isThere(program)) return undefined;
  return `${wanted}: apt-get could not install it: ${stderr.trim().split('\n').slice(-3).join(' / ')}`;
}

function isThere({ path, loads = path }: Program): boolean {
  return existsSync(path) && existsSync(loads);
}

/** Packages start services of their own, which must not run here: the benchmark starts its own. */
function installation({ packages }: Program): string {
  const quick = '-q -o Acquire::http::Timeout=20 -o Acquire::Retries=1 -o DPkg::Lock::Timeout=120';
  const services = packages.filter((name) => !name.startsWith('lib')).join(' ');
  return [
    'set -e',
    'export DEBIAN_FRONTEND=noninteractive',
    `apt-get update ${quick} >/dev/null`,
    `apt-get install -y --no-install-recommends ${quick} ${packages.join(' ')} >/dev/null`,
    `if [ -d /run/systemd/system ]; then systemctl disable --now ${services} >/dev/null; fi`,
  ].join('\n');
}
