import { randomInt } from 'node:crypto'
import { afterEach, expect, test, vi } from 'vitest'
import { readSummary } from './io/places.ts'
import { createRunWorkspace, type RunWorkspace } from './testing/run-workspace.ts'
import { type Behaviour, createTestCache, headersOf, type TestCache } from './testing/test-cache.ts'

// The real Nx, on a machine that may have other things to do.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

let cache: TestCache
let workspace: RunWorkspace

afterEach(async () => {
  await workspace.dispose()
  await cache.dispose()
})

const TASKS = 50
const WORDS = ['run-many', '-t', 'build', '--parallel=5']
const TOKEN = { INTERLOCK_CACHE_TOKEN: 'token' }

/** Each of these fails a run of Nx that asks the cache itself. */
const MISDEEDS: readonly Behaviour[] = [
  (request) => (request.resume(), true),
  (request) => (request.socket.resetAndDestroy(), true),
  (request, response) => (request.resume(), response.writeHead(500).end(), true),
  (request, response) => (request.resume(), response.writeHead(200).end('<html>'), true),
  // One bit of an artifact is another one, and the digest is still that of the whole.
  (request, response) => {
    const bytes = cache.store.get(request.url?.split('/').at(-1) ?? '')
    if (request.method !== 'GET' || bytes === undefined) return false
    const headers = headersOf(bytes)
    const broken = Buffer.from(bytes)
    broken[broken.length >> 1] = (broken[broken.length >> 1] ?? 0) ^ 1
    response.writeHead(200, headers).end(broken)
    return true
  },
  // Half of an artifact, and then nothing.
  (request, response) => {
    const bytes = cache.store.get(request.url?.split('/').at(-1) ?? '')
    if (request.method !== 'GET' || bytes === undefined) return false
    response.writeHead(200, headersOf(bytes))
    response.write(bytes.subarray(0, bytes.length >> 1), () => request.socket.destroy())
    return true
  },
]

test('promise-6 cache-40 fifty tasks while the cache is killed, hangs and corrupts at random moments: green, right, and told', async () => {
  cache = await createTestCache()
  workspace = createRunWorkspace({ tasks: TASKS, layers: 10, cache: `url: ${cache.url}`, before: 'await sleep(60)' })
  await workspace.nx(WORDS, TOKEN)
  expect(workspace.wrongOutputs()).toEqual([])
  expect(cache.store.size).toBe(TASKS)
  // Every second project has to be built again; the others are in the cache.
  for (let index = 1; index < TASKS; index += 2) workspace.write(`packages/p${index}/other.txt`, 'changed')
  workspace.forget()

  const running = workspace.start(WORDS, TOKEN)
  const chaosUntil = new AbortController()
  let acts = 0
  const chaos = (async (): Promise<void> => {
    while (!chaosUntil.signal.aborted) {
      cache.behave = randomInt(3) === 0 ? () => false : (MISDEEDS[randomInt(MISDEEDS.length)] ?? (() => false))
      if (randomInt(4) === 0) {
        await cache.kill()
        await new Promise((resolve) => setTimeout(resolve, randomInt(150)))
        await cache.revive()
      }
      acts += 1
      await new Promise((resolve) => setTimeout(resolve, randomInt(100)))
    }
  })()
  const ended = await running.ended
  chaosUntil.abort()
  await chaos

  expect(ended).toMatchObject({ status: 0 })
  expect(workspace.wrongOutputs()).toEqual([])
  expect(acts).toBeGreaterThan(5)
  const summary = readSummary(workspace.root)
  expect(Object.keys(summary?.faults ?? {}).length).toBeGreaterThan(0)
  expect(ended.output).toMatch(/^cache: .* absorbed \(/m)
  // Every question of the run has an outcome in the summary.
  const faults = Object.values(summary?.faults ?? {}).reduce((total, each) => total + each, 0)
  expect((summary?.remoteHits ?? 0) + (summary?.misses ?? 0) + (summary?.notAsked ?? 0) + faults).toBe(TASKS)
})
