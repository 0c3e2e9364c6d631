import { defineConfig } from 'vitest/config'

export default defineConfig({
  root: import.meta.dirname,
  cacheDir: '../../node_modules/.vite/docs',
  // The tests take the packages of this workspace from their sources: nothing has to be built before.
  resolve: { conditions: ['@interlock/source'] },
  ssr: { resolve: { conditions: ['@interlock/source'] } },
  test: {
    environment: 'node',
    // Two files build the server; one after the other, none replaces the binary that another one runs.
    fileParallelism: false,
    include: ['src/**/*.test.ts'],
    name: 'docs',
    testTimeout: 60_000,
  },
})
