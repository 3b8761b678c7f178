/**
 * Takes out of a node_modules folder what is for other machines: uWebSockets.js brings its binaries for all of them, and
 * this process tells which is wanted. Usage: node slim.mjs node_modules
 */

import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const [modules = 'node_modules'] = process.argv.slice(2);
const binaries = join(modules, 'uWebSockets.js', 'dist', 'bin');
const wanted = `uws_${process.platform}_${process.arch}_${process.versions.modules}.node`;
const there = existsSync(binaries) ? readdirSync(binaries) : [];

if (there.includes(wanted)) {
  const others = there.filter((file) => file !== wanted);
  for (const file of others) rmSync(join(binaries, file));
  rmSync(join(modules, '@btc-vision', 'uwebsockets.js'), { recursive: true, force: true });
  console.log(`kept ${wanted}, took out ${others.length} binaries for other machines`);
} else {
  console.log(`nothing taken out: there is no ${wanted}`); // another provider is in use
}
