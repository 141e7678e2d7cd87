import { defineConfig } from 'vitest/config'

/** Two cores: more workers only take turns. */
const maxWorkers = 2

const settings = {
  pool: 'forks' as const,
  maxWorkers,
  testTimeout: 60_000,
  hookTimeout: 120_000, // a first initdb on a busy machine
  teardownTimeout: 60_000,
  globalSetup: ['tests/support/database-setup.ts'],
}

export default defineConfig({
  test: {
    maxWorkers,
    projects: [
      {
        test: {
          ...settings,
          name: 'code',
          include: ['src/**/*.test.ts', 'tests/**/*.test.ts'],
          exclude: ['tests/browser/**', 'tests/prove/**', 'tests/bench/**'],
        },
      },
      { test: { ...settings, name: 'browser', include: ['tests/browser/**/*.test.ts'] } },
    ],
  },
})
