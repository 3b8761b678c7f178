import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  // In a project of its own `tickwire` is an installed package, and this is not needed.
  resolve: { alias: { 'tickwire/client': fileURLToPath(new URL('../../src/client/index.ts', import.meta.url)) } },
});
