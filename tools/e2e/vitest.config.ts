import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import { vitestProject } from '../../vitest.shared.ts'

const shared = vitestProject('e2e')

/** Some of the tests. Only those that need the packed packages wait for them. */
function part(name: string, test: TestProjectInlineConfiguration['test']): TestProjectInlineConfiguration {
  return {
    ...shared,
    // Where Vitest loads the global setup.
    environments: { __vitest__: { resolve: { conditions: ['@interlock/source'] } } },
    test: { ...shared.test, name, ...test },
  }
}

export default defineConfig({
  ...shared,
  test: {
    ...shared.test,
    // All of it is test code, and part of it runs before the tests, where nothing is measured: no limit.
    coverage: { ...shared.test?.coverage, thresholds: {} },
    projects: [
      part('packed', { exclude: ['src/soundness/**'], globalSetup: ['src/io/packed-once.ts'] }),
      part('soundness', { include: ['src/soundness/**/*.test.ts'] }),
    ],
  },
})
