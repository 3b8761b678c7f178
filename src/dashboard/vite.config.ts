import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  base: './', // also right behind a proxy that serves the page under a path
  build: {
    outDir: '../../dist/dashboard',
    emptyOutDir: true,
    modulePreload: { polyfill: false },
  },
  // The usual build makes code from text, which the page's content security policy forbids.
  resolve: { alias: [{ find: /^msgpackr$/, replacement: 'msgpackr/index-no-eval' }] },
});
