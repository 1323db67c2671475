import { defineConfig } from 'vitest/config';

/** Promises that only whole processes can keep or break: the built server, killed, doubled and started in odd ways. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
