import { defineConfig } from 'vitest/config'

export default defineConfig({
  root: import.meta.dirname,
  cacheDir: '../../node_modules/.vite/docs',
  test: {
    environment: 'node',
    // Two files build the server; one after the other, none replaces the binary that another one runs.
    fileParallelism: false,
    include: ['src/**/*.test.ts'],
    name: 'docs',
    testTimeout: 60_000,
  },
})
