import { defineConfig } from 'vitest/config'

// Journeys drive whole systems, some through a browser: three at a time for they wait more than they work, and each step may take as long as a person's.
export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    include: ['test/journeys/**/*.test.ts'],
    globalSetup: ['test/journeys/shared-system.ts'],
    environment: 'node',
    testTimeout: 120_000,
    hookTimeout: 300_000,
    pool: 'forks',
    // Each file is a process of its own: what one of them had transformed is on disk for all others.
    fsModuleCache: true,
    fsModuleCachePath: '.build/transformed',
    maxWorkers: 3,
  },
})
