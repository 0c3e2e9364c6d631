import { defineConfig } from 'vitest/config'
import { vitestProject } from '../../vitest.shared.ts'

const shared = vitestProject('e2e')

export default defineConfig({
  ...shared,
  // Where Vitest loads the global setup, which packs and installs the packages once for all files.
  environments: { __vitest__: { resolve: { conditions: ['@interlock/source'] } } },
  test: {
    ...shared.test,
    // All of it is test code, and part of it runs before the tests, where nothing is measured: no limit.
    coverage: { ...shared.test?.coverage, thresholds: {} },
    globalSetup: ['src/io/packed-once.ts'],
  },
})
