import { defineConfig } from 'vitest/config'
import { vitestProject } from '../../vitest.shared.ts'

const project = vitestProject('apps/cache-server')

/** What needs a server that few machines have: asked for by its own target, and then it must be there. */
export default defineConfig({
  ...project,
  test: { ...project.test, include: ['src/testing/versitygw.check.ts'], name: 'cache-server-versitygw' },
})
