import { defineConfig } from 'vitest/config';

/** Promises that only whole processes can keep or break: the built server, killed, doubled and started in odd ways. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Each file has cities of its own, which mostly wait: two at a time.
    maxWorkers: 2,
  },
});
