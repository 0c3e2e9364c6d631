import type { ViteUserConfig } from 'vitest/config'

const INCLUDE = ['src/**/*.test.ts', 'bench/**/*.test.ts', 'demo/**/*.test.ts']
const CORE = 'src/core/**/*.test.ts'

/** Settings shared by every TypeScript project of this workspace; `project` is the project's folder under `tools/`, or its path. */
export function vitestProject(project: string): ViteUserConfig {
  const folder = project.includes('/') ? project : `tools/${project}`
  const name = nameOf(project)
  return {
    root: new URL(`./${folder}/`, import.meta.url).pathname,
    cacheDir: `../../node_modules/.vite/${name}`,
    resolve: { conditions: ['@interlock/source'] },
    ssr: { resolve: { conditions: ['@interlock/source'] } },
    test: {
      name,
      include: INCLUDE,
      environment: 'node',
      testTimeout: 60_000,
      hookTimeout: 120_000,
      // A condition that holds ends the wait, so a loaded machine may take its time.
      expect: { poll: { timeout: 30_000 } },
      // Most of the time goes to processes that the tests start and wait for, so no core is kept back for Vitest itself.
      maxWorkers: '100%',
      coverage: {
        provider: 'v8',
        include: ['src/**/*.ts'],
        exclude: ['src/**/*.test.ts', 'src/testing/**'],
        thresholds: { lines: 85, statements: 85, functions: 85 },
      },
    },
  }
}

/**
 * The same for a project with tests of a pure core. A linter rule keeps files, processes and the clock out of `src/core`, so its
 * tests have nothing to hide from each other: they share their processes, and each module is loaded once, not once for each
 * file. `isolated` are files there that replace a module.
 */
export function vitestProjectWithCore(project: string, { isolated = [] }: { readonly isolated?: string[] } = {}): ViteUserConfig {
  const shared = vitestProject(project)
  const name = nameOf(project)
  const { include: _included, name: _named, ...test } = shared.test ?? {}
  const others = INCLUDE.map((pattern) => pattern.replace('src/**', 'src/!(core)/**'))
  return {
    ...shared,
    test: {
      ...test,
      projects: [
        { extends: true, test: { name: `${name}-core`, include: [CORE], exclude: isolated, isolate: false } },
        { extends: true, test: { name, include: ['src/*.test.ts', ...others, ...isolated] } },
      ],
    },
  }
}

function nameOf(project: string): string {
  return project.slice(project.lastIndexOf('/') + 1)
}
