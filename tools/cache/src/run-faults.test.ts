import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { RunSummary } from './core/run-summary.ts'
import { readSummary } from './io/places.ts'
import {
  createRunWorkspace,
  end,
  type Ended,
  type Environment,
  type RunWorkspace,
  type RunWorkspaceOptions,
} from './testing/run-workspace.ts'
import { type Behaviour, createTestCache, type TestCache } from './testing/test-cache.ts'

// The real Nx, on a machine that may have other things to do.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

let cache: TestCache
const open: RunWorkspace[] = []

beforeEach(async () => {
  cache = await createTestCache()
})
afterEach(async () => {
  for (const workspace of open.splice(0)) await workspace.dispose()
  await cache.dispose()
})

const WORDS = ['run-many', '-t', 'build']
const TOKEN = { INTERLOCK_CACHE_TOKEN: 'real-token' }

function workspaceWith(options: Partial<RunWorkspaceOptions> = {}): RunWorkspace {
  const workspace = createRunWorkspace({ tasks: 6, cache: `url: ${cache.url}`, ...options })
  open.push(workspace)
  return workspace
}

async function green(
  workspace: RunWorkspace,
  env: Environment = TOKEN,
): Promise<{ readonly ended: Ended; readonly summary: RunSummary | undefined }> {
  const ended = await workspace.nx(WORDS, env)
  expect(ended).toMatchObject({ status: 0 })
  expect(workspace.wrongOutputs()).toEqual([])
  return { ended, summary: readSummary(workspace.root) }
}

const page: Behaviour = (request, response) => {
  request.resume()
  response.writeHead(502, { 'content-type': 'text/html' }).end('<html>Bad Gateway</html>')
  return true
}
const reset: Behaviour = (request) => {
  request.socket.resetAndDestroy()
  return true
}
const hang: Behaviour = (request) => {
  request.resume()
  return true
}

test.each([
  ['answers with the page of a proxy', page, 'server error'],
  ['resets every connection', reset, 'connection reset'],
])('cache-40 a cache that %s: the run is green, and few questions are asked', async (_, behaviour, kind) => {
  cache.behave = behaviour
  const { ended, summary } = await green(workspaceWith({ tasks: 50 }))
  expect(Object.keys(summary?.faults ?? {})).toEqual([kind])
  expect(summary).toMatchObject({ remoteHits: 0, uploads: { done: 0, waiting: 0 } })
  expect(ended.output).toMatch(/^cache: .*faults? absorbed/m)
  // 32 at a time, each tried again once where a kept connection broke, and then nobody.
  expect(cache.requests.filter(({ method }) => method === 'GET').length).toBeLessThanOrEqual(64)
})

test('cache-40 a cache that is not there: the run is green', async () => {
  await cache.dispose()
  const { summary } = await green(workspaceWith())
  expect(summary?.faults).toEqual({ 'connection refused': expect.any(Number) })
})

test('cache-40 a host that nobody knows: the run is green', async () => {
  const { summary } = await green(workspaceWith({ cache: 'url: http://cache.example.invalid' }))
  expect(Object.keys(summary?.faults ?? {})).toEqual(['host unknown'])
})

test('cache-40 what is no HTTP server at all: the run is green', async () => {
  const stranger = createServer((socket) => socket.on('error', () => undefined).end('220 mail.example ESMTP\r\n'))
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
  const { port } = stranger.address() as { port: number }
  const { summary } = await green(workspaceWith({ cache: `url: http://127.0.0.1:${port}` }))
  expect(Object.keys(summary?.faults ?? {})).toEqual(['unexpected answer'])
  stranger.close()
})

test('cache-40 a cache that hangs is waited for once; the next run asks it nothing', async () => {
  cache.behave = hang
  const began = Date.now()
  const workspace = workspaceWith({ tasks: 50 })
  const first = await green(workspace)
  // With the third that got no answer in time, all others are given up.
  const { 'no answer in time': faults = 0, ...others } = first.summary?.faults ?? {}
  expect(others).toEqual({})
  expect(faults).toBeLessThanOrEqual(34)
  expect(first.summary).toMatchObject({ notAsked: 50 - faults, uploads: { dropped: { 'the cache was not asked': 50 } } })
  const asked = cache.requests.length
  expect(asked).toBeLessThanOrEqual(34)
  workspace.forget()
  const second = await green(workspace)
  expect(second.summary).toMatchObject({ faults: {}, notAsked: 50 })
  // Every thirty seconds one request that nobody waits for tries whether the cache is back.
  expect(cache.requests.length - asked).toBeLessThanOrEqual(Math.floor((Date.now() - began) / 30_000))
})

test('two runs at once share one shield and one session', async () => {
  const workspace = workspaceWith({ before: 'await sleep(300)' })
  const env = { INTERLOCK_CACHE_ID_TOKEN: 'identity' }
  await green(workspace, env)
  const shield = workspace.shield()
  workspace.forget()
  const other = ['run-many', '-t', 'build', '-p', 'p0,p1,p2']
  const [a, b] = await Promise.all([workspace.nx(WORDS, env), workspace.nx(other, env)])
  expect([a, b]).toMatchObject([{ status: 0 }, { status: 0 }])
  expect(workspace.wrongOutputs()).toEqual([])
  expect(workspace.shields()).toEqual([shield])
  expect(cache.tokens.size).toBe(1)
})

test('a shield that is killed between two runs is followed by another', async () => {
  const workspace = workspaceWith()
  await green(workspace)
  const first = workspace.shield()
  end(first)
  workspace.forget()
  expect((await green(workspace)).summary).toMatchObject({ remoteHits: 6, faults: {} })
  expect(workspace.shield()).not.toBe(first)
})

test.each(['SIGKILL', 'SIGSTOP'] as const)(
  'a shield that gets %s in the middle of a run costs uploads, not the run',
  async (signal) => {
    const workspace = workspaceWith({ layers: 6, before: 'await sleep(200)' })
    const running = workspace.start(WORDS, TOKEN)
    await expect.poll(() => cache.store.size, { timeout: 30_000 }).toBeGreaterThan(0)
    const victim = workspace.shield()
    process.kill(victim, signal)
    const ended = await running.ended
    end(victim)
    expect(ended).toMatchObject({ status: 0 })
    expect(workspace.wrongOutputs()).toEqual([])
    workspace.forget()
    expect((await green(workspace)).summary?.remoteHits).toBeGreaterThan(0)
  },
)

test('a folder that cannot be made costs the sharing of the shield, not the cache', async () => {
  const workspace = workspaceWith()
  mkdirSync(join(workspace.root, '.nx'))
  writeFileSync(join(workspace.root, '.nx', 'interlock'), 'a file where a folder should be')
  const { ended } = await green(workspace)
  expect(ended.output).toMatch(/^cache: .*6 uploads/m)
  expect(cache.store.size).toBe(6)
})

test('a handshake that a checkout brought along is not trusted', async () => {
  const workspace = workspaceWith()
  await green(workspace)
  end(workspace.shield())
  const trap = await createTestCache()
  const folder = join(workspace.root, '.nx', 'interlock', 'cache')
  const { readdirSync, chmodSync } = await import('node:fs')
  const file = join(folder, readdirSync(folder).find((name) => name.startsWith('shield-')) ?? '')
  writeFileSync(file, JSON.stringify({ pid: process.pid, port: trap.port, secret: 'A'.repeat(43) }))
  chmodSync(file, 0o644)
  workspace.forget()
  expect((await green(workspace)).summary).toMatchObject({ remoteHits: 6 })
  expect(trap.requests).toEqual([])
  await trap.dispose()
})
