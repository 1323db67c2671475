import { defineConfig } from 'vitest/config';

/** Journeys in a real browser against the built server; one server and one browser for the whole run. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['**/*.e2e.ts'],
    globalSetup: ['./server.ts'],
    testTimeout: 60_000,
    hookTimeout: 300_000,
    maxWorkers: 2,
    css: false,
  },
});
