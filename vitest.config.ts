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

/** Tests of the embedded server itself, and of homes that have one, say nothing about another one. */
const ownServerTests = process.env['TEST_DATABASE_URL']
  ? ['src/store/embedded/**', 'tests/journeys/*-at-home.test.ts']
  : []

export default defineConfig({
  test: {
    maxWorkers,
    projects: [
      {
        test: {
          ...settings,
          name: 'code',
          include: ['src/**/*.test.ts', 'tests/**/*.test.ts'],
          exclude: ['tests/browser/**', 'tests/prove/**', 'tests/bench/**', ...ownServerTests],
        },
      },
      { test: { ...settings, name: 'browser', include: ['tests/browser/**/*.test.ts'] } },
    ],
  },
})
