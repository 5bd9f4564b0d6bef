import { defineConfig } from 'vitest/config'

// Journeys drive whole systems, some through a browser: four at a time for they wait more than they work, and each step may take as long as a person's.
export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    include: ['test/journeys/**/*.test.ts'],
    globalSetup: ['test/journeys/shared-system.ts'],
    environment: 'node',
    testTimeout: 120_000,
    hookTimeout: 300_000,
    pool: 'forks',
    // A worker is one thread of work on a machine of few cores: helpers of its garbage collection only take turns with it.
    execArgv: ['--single-threaded-gc', '--min-semi-space-size=32', '--max-semi-space-size=64'],
    // Node loads the modules itself, and keeps them compiled for the next process.
    experimental: { viteModuleRunner: false },
    maxWorkers: 4,
  },
})
