import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { readSummary } from '../../src/io/places.ts'
import { createRunWorkspace, type Environment, type RunWorkspace } from '../../src/testing/run-workspace.ts'
import { serveCache } from '../../src/testing/serve.ts'
import { median } from './statistics.ts'

interface Times {
  readonly median: number
  readonly best: number
}

export interface RunTimes {
  readonly local: Times
  /** Nx asks the server itself: what of the difference is Nx's own work. */
  readonly direct: Times
  readonly shielded: Times
}

/** A fully cached run from the local cache and, in turns, from the server and from the server behind the shield; each writes all outputs. */
export async function measureRuns({ tasks, rounds }: { readonly tasks: number; readonly rounds: number }): Promise<RunTimes> {
  const workspace = createRunWorkspace({ tasks })
  const server = await serveCache(workspace.root)
  const times = { local: [] as number[], direct: [] as number[], shielded: [] as number[] }
  const own = {
    NX_SELF_HOSTED_REMOTE_CACHE_SERVER: server.url,
    NX_SELF_HOSTED_REMOTE_CACHE_ACCESS_TOKEN: server.env.INTERLOCK_CACHE_TOKEN.trim(),
  }
  try {
    await timed(workspace, server.env)
    for (let round = -1; round < rounds; round += 1) {
      // With the address in both, so that both pay for the hook.
      clear(workspace, 'out')
      const local = await timed(workspace, server.env)
      clear(workspace, 'out', '.nx/cache')
      const direct = await timed(workspace, own)
      clear(workspace, 'out', '.nx/cache')
      const shielded = await timed(workspace, server.env)
      const { remoteHits } = readSummary(workspace.root) ?? {}
      if (remoteHits !== tasks) throw new Error(`${remoteHits} of ${tasks} came from the cache`)
      if (round < 0) continue
      times.local.push(local)
      times.direct.push(direct)
      times.shielded.push(shielded)
    }
    return { local: timesOf(times.local), direct: timesOf(times.direct), shielded: timesOf(times.shielded) }
  } finally {
    server.kill()
    await workspace.dispose()
  }
}

async function timed(workspace: RunWorkspace, env: Environment): Promise<number> {
  const begun = performance.now()
  const { status, output } = await workspace.nx(['run-many', '-t', 'build'], env)
  const milliseconds = performance.now() - begun
  if (status !== 0 || workspace.wrongOutputs().length > 0) throw new Error(output)
  return milliseconds
}

function clear({ root }: RunWorkspace, ...paths: readonly string[]): void {
  for (const path of paths) rmSync(join(root, path), { recursive: true, force: true })
}

function timesOf(values: readonly number[]): Times {
  return { median: median(values), best: Math.min(...values) }
}
