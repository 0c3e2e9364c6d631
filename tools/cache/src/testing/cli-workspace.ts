import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Invocation, Outcome } from '@interlock/cli'
import { verbs } from '../cli/index.ts'
import { createTestCache, type TestCache } from './test-cache.ts'

/** A workspace whose interlock.yaml names a cache of the test. */
export interface CliWorkspace {
  readonly root: string
  readonly cache: TestCache
  /** Runs a verb of this package in it. */
  readonly run: (name: string, options?: object, env?: Record<string, string>) => Promise<Outcome>
  readonly dispose: () => Promise<void>
}

export async function createCliWorkspace(): Promise<CliWorkspace> {
  const cache = await createTestCache()
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'interlock-cache-cli-')))
  writeFileSync(join(root, 'interlock.yaml'), `cache:\n  url: ${cache.url}\n  workspace: acme\n`)
  return {
    root,
    cache,
    run: async (name, options = {}, env = {}) => {
      const verb = verbs.find((each) => each.name === name)
      const invocation: Invocation = { root, env, options: { ...options }, arguments: [], rest: [], json: false }
      return verb?.run(invocation) ?? Promise.reject(new Error(`no verb ${name}`))
    },
    dispose: async () => {
      rmSync(root, { recursive: true })
      await cache.dispose()
    },
  }
}
