import { defineConfig } from 'vitest/config'

const root = new URL('..', import.meta.url).pathname

// A limit for what hangs, not for what is slow: a machine may be three times as slow as ours.
const PATIENCE = { testTimeout: 120_000, hookTimeout: 180_000 }

// Node loads the modules itself, as it does in production, and keeps them compiled for the next process.
const AS_NODE_DOES = { experimental: { viteModuleRunner: false } }

// These need a module anew in the same process, or another value of a constant: what only a module runner can do.
const MODULES_CHANGE = ['test/platform/token.test.ts', 'test/functions/hooks-desk.test.ts']

// A worker is one thread of work on a machine of few cores: helpers of its garbage collection only take turns with it.
const ONE_THREAD = { execArgv: ['--single-threaded-gc', '--min-semi-space-size=32', '--max-semi-space-size=64'] }

export default defineConfig({
  root,
  test: {
    pool: 'forks',
    // Many tests wait (for streams, time-outs, the provider) more than they work.
    maxWorkers: 4,
    projects: [
      {
        root,
        test: {
          name: 'pure',
          include: ['test/domain/**/*.test.ts'],
          // What has no state needs no process of its own for each file.
          isolate: false,
          ...PATIENCE,
          ...AS_NODE_DOES,
          ...ONE_THREAD,
        },
      },
      {
        root,
        test: {
          name: 'parts',
          include: ['test/**/*.test.ts'],
          exclude: ['test/domain/**', 'test/journeys/**', 'node_modules/**', ...MODULES_CHANGE],
          ...PATIENCE,
          ...AS_NODE_DOES,
          ...ONE_THREAD,
        },
      },
      { root, test: { name: 'modules-change', include: MODULES_CHANGE, ...PATIENCE, ...ONE_THREAD } },
    ],
  },
})
