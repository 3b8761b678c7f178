import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/missing-packages.ts'],
    setupFiles: ['test/support/seed.ts'],
    maxWorkers: Math.max(2, availableParallelism() - 1), // on two cores, too: most of what they do is wait
    testTimeout: 20_000,
    hookTimeout: 120_000,
  },
});
