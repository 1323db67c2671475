import { defineConfig } from 'vitest/config';

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'city/**/*.test.ts', 'scripts/**/*.test.ts'],
    globalSetup: ['src/platform/database/test-server.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // Each worker evaluates shared modules once, not once per file: half of the whole time went there.
    isolate: false,
    // Vitest leaves one core alone; half of the time tests wait for the database, which needs less than a core.
    maxWorkers: 2,
    css: false,
  },
});
