import { defineConfig } from 'vitest/config'

export default defineConfig({
  root: import.meta.dirname,
  cacheDir: '../../node_modules/.vite/docs',
  test: { environment: 'node', include: ['src/**/*.test.ts'], name: 'docs', testTimeout: 60_000 },
})
