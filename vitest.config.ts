import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'sim/**/*.test.ts',
      'pipeline/**/*.test.ts',
      'reports/**/*.test.ts',
      'fixtures/**/*.test.ts',
      '*.test.ts',
    ],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Polling for a state is cheap, and a busy machine may take its time to reach it.
    expect: { poll: { timeout: 15_000 } },
    pool: 'forks',
    maxWorkers: 2,
    // The fronts are tested over real sockets in real time, where a busy machine can be late once.
    retry: process.env.CI === 'true' ? 1 : 0,
  },
});
