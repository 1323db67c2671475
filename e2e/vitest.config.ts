import { defineConfig } from 'vitest/config';

/** Journeys in a real browser against the built server; one server for the whole run, a browser for each file. */
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
