import { defineConfig } from 'vitest/config'
import { vitestProject } from '../../vitest.shared.ts'

const shared = vitestProject('setup')

export default defineConfig({
  ...shared,
  test: { ...shared.test, coverage: { ...shared.test?.coverage, include: ['src/**/*.mjs'] } },
})
