import { performance } from 'node:perf_hooks'
import { createRunWorkspace, type Environment, type RunWorkspace } from '../../src/testing/run-workspace.ts'
import { createTestCache } from '../../src/testing/test-cache.ts'

export interface Hanging {
  /** Milliseconds. */
  readonly without: number
  readonly first: number
  readonly second: number
  readonly askedFirst: number
  readonly askedSecond: number
}

/** A run without any hit: without a cache, then twice with one that takes every request and answers none. */
export async function measureHanging({ tasks }: { readonly tasks: number }): Promise<Hanging> {
  const cache = await createTestCache()
  cache.behave = (request) => {
    request.resume()
    return true
  }
  const workspace = createRunWorkspace({ tasks })
  const env = { INTERLOCK_CACHE_URL: cache.url, INTERLOCK_CACHE_TOKEN: 'token' }
  try {
    await timed(workspace, {})
    const without = await timed(workspace, {})
    const first = await timed(workspace, env)
    const askedFirst = cache.requests.length
    const second = await timed(workspace, env)
    return { without, first, second, askedFirst, askedSecond: cache.requests.length - askedFirst }
  } finally {
    await workspace.dispose()
    await cache.dispose()
  }
}

async function timed(workspace: RunWorkspace, env: Environment): Promise<number> {
  workspace.forget()
  const begun = performance.now()
  const { status, output } = await workspace.nx(['run-many', '-t', 'build'], env)
  if (status !== 0) throw new Error(output)
  return performance.now() - begun
}
