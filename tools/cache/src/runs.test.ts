import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest'
import type { RunSummary } from './core/run-summary.ts'
import { readSummary } from './io/places.ts'
import {
  createRunWorkspace,
  type Ended,
  type Environment,
  type RunWorkspace,
  type RunWorkspaceOptions,
} from './testing/run-workspace.ts'
import { createTestCache, type TestCache } from './testing/test-cache.ts'
import { HEADERS } from './wire.ts'

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

const TASKS = 4
const WORDS = ['run-many', '-t', 'build']
const TOKEN = { INTERLOCK_CACHE_TOKEN: 'real-token' }

function workspaceWith(options: Partial<RunWorkspaceOptions> = {}): RunWorkspace {
  const workspace = createRunWorkspace({ tasks: TASKS, cache: `url: ${cache.url}`, ...options })
  open.push(workspace)
  return workspace
}

/** Runs everything, which has to be green and right. */
async function green(
  workspace: RunWorkspace,
  env: Environment = TOKEN,
): Promise<{ readonly ended: Ended; readonly summary: RunSummary | undefined }> {
  const ended = await workspace.nx(WORDS, env)
  expect(ended).toMatchObject({ status: 0 })
  expect(workspace.wrongOutputs()).toEqual([])
  return { ended, summary: readSummary(workspace.root) }
}

describe.each([
  ['in the process of Nx', { NX_ISOLATE_PLUGINS: 'false' }],
  ['in a worker', { NX_ISOLATE_PLUGINS: 'true' }],
  ['with the daemon', { NX_DAEMON: 'true', NX_ISOLATE_PLUGINS: 'true' }],
])('with the plugin %s', (_, mode) => {
  it('what one run built, the next one after clearing the local cache gets from the cache', async () => {
    const env = { ...TOKEN, ...mode }
    const before = `appendFileSync('seen.txt', JSON.stringify(process.env) + '\\n')`
    const workspace = workspaceWith({ before })
    try {
      expect((await green(workspace, env)).summary).toMatchObject({
        remoteHits: 0,
        misses: TASKS,
        faults: {},
        uploads: { done: TASKS },
      })
      workspace.forget()
      expect((await green(workspace, env)).summary).toMatchObject({ remoteHits: TASKS, misses: 0, faults: {} })
      const artifacts = cache.requests.filter(({ url }) => url.startsWith('/v1/cache/'))
      expect(new Set(artifacts.map(({ headers }) => headers.authorization))).toEqual(new Set(['Bearer real-token']))
      expect(workspace.shields()).toHaveLength(1)
      // What tasks see is the listener and its bearer, never the token.
      const [seen] = workspace
        .read('seen.txt')
        .split('\n')
        .map((line) => JSON.parse(line === '' ? '{}' : line) as Record<string, string>)
      expect(seen?.['NX_SELF_HOSTED_REMOTE_CACHE_SERVER']).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
      expect(JSON.stringify(seen)).not.toContain('real-token')
    } finally {
      if ('NX_DAEMON' in mode) await workspace.nx(['daemon', '--stop'])
    }
  })
})

test('the end of a run says in one line what the cache did, also on the page of a run', async () => {
  const workspace = workspaceWith()
  const page = join(workspace.root, 'page.md')
  writeFileSync(page, '')
  const { ended } = await green(workspace, { ...TOKEN, GITHUB_STEP_SUMMARY: page })
  expect(ended.output).toMatch(/^cache: 0 remote and 0 local hits, 4 misses, 4 uploads \(\d\.\d kB\)$/m)
  expect(workspace.read('page.md')).toMatch(/^### Cache\n\n0 remote and 0 local hits, 4 misses/)
})

test('"interlock affected" says the same line above its sum, and the figures in its document', async () => {
  const workspace = workspaceWith()
  const run = await workspace.interlock(['affected', '-t', 'build', '--all'], TOKEN)
  expect(run.output).toMatch(/^cache: 0 remote and 0 local hits, 4 misses, 4 uploads \(\d\.\d kB\)\n0 passed/m)
  workspace.forget()
  const json = await workspace.interlock(['affected', '-t', 'build', '--all', '--json'], TOKEN)
  expect(json.output).toMatch(/"remoteHits": 4/)
})

test('without an address nothing starts and no variable is set', async () => {
  const { cache: _, ...options } = {
    tasks: TASKS,
    before: `appendFileSync('seen.txt', Object.keys(process.env).join(' '))`,
    cache: '',
  }
  const workspace = createRunWorkspace(options)
  open.push(workspace)
  const { ended, summary } = await green(workspace)
  expect(summary).toBeUndefined()
  expect(ended.output).not.toContain('cache:')
  expect(workspace.read('seen.txt')).not.toMatch(/NX_SELF_HOSTED|INTERLOCK_CACHE_LISTENER/)
})

test.each([
  ['INTERLOCK_CACHE', 'off'],
  ['NX_SKIP_REMOTE_CACHE', 'true'],
])('%s=%s leaves the cache alone', async (name, value) => {
  await green(workspaceWith(), { ...TOKEN, [name]: value })
  expect(cache.requests).toEqual([])
})

test.each([
  ['a cache that is off', { cache: 'url: http://127.0.0.1:1' }, { INTERLOCK_CACHE: 'off' }],
  ['a cache that Nx skips', { cache: 'url: http://127.0.0.1:1' }, { NX_SKIP_REMOTE_CACHE: 'true' }],
  ['an address that is none', {}, { INTERLOCK_CACHE_URL: '127.0.0.1:8791' }],
  ['a section that is not valid', { cache: 'adress: http://x' }, {}],
  ['no cache at all', {}, {}],
])('tasks see no token of the cache beside %s', async (_, options: Partial<RunWorkspaceOptions>, env: Environment) => {
  const before = `appendFileSync('seen.txt', JSON.stringify(process.env) + '\\n')`
  const workspace = createRunWorkspace({ tasks: 1, before, ...options })
  open.push(workspace)
  const tokens = ['TOKEN', 'ID_TOKEN', 'ADMIN_TOKEN'].map((name) => [`INTERLOCK_CACHE_${name}`, `secret-${name}`])
  await workspace.nx(WORDS, { ...Object.fromEntries(tokens), ...env })
  expect(workspace.read('seen.txt')).toContain('withheld-by-interlock')
  expect(workspace.read('seen.txt')).not.toMatch(/secret-(?:ID_|ADMIN_)?TOKEN/)
})

test('a section that is not valid costs a warning and the cache, not the run', async () => {
  const { ended } = await green(workspaceWith({ cache: 'adress: http://x' }))
  expect(ended.output).toContain(
    'interlock: the cache is not used in this run: CONFIG_INVALID: interlock.yaml:2:11: cache.adress',
  )
})

test('a server that the user named is left to Nx, with a warning', async () => {
  const own = await createTestCache()
  const workspace = workspaceWith({ before: `appendFileSync('seen.txt', JSON.stringify(process.env))` })
  const { ended } = await green(workspace, { ...TOKEN, NX_SELF_HOSTED_REMOTE_CACHE_SERVER: own.url })
  expect(workspace.read('seen.txt')).not.toContain(TOKEN.INTERLOCK_CACHE_TOKEN)
  expect(ended.output).toContain('NX_SELF_HOSTED_REMOTE_CACHE_SERVER is set, so Nx asks that server itself')
  expect(cache.requests).toEqual([])
  expect(own.requests.length).toBeGreaterThan(0)
  await own.dispose()
})

test('a run that a task of another workspace starts does not use the listener of that workspace', async () => {
  const workspace = createRunWorkspace({ tasks: TASKS })
  open.push(workspace)
  const server = 'http://127.0.0.1:1'
  const { summary } = await green(workspace, {
    NX_SELF_HOSTED_REMOTE_CACHE_SERVER: server,
    INTERLOCK_CACHE_LISTENER: `${server} /elsewhere`,
  })
  expect(summary).toBeUndefined()
})

describe('variables that a run left behind, in an editor or a terminal that one of its tasks opened', () => {
  it.each([
    ['nobody listens there any more', async () => 'http://127.0.0.1:1'],
    ['somebody else listens there by now', async () => cache.url],
  ])('%s: this run has a listener of its own, and is green', async (_, serverOf) => {
    const workspace = workspaceWith()
    const server = await serverOf()
    const left = {
      NX_SELF_HOSTED_REMOTE_CACHE_SERVER: server,
      NX_SELF_HOSTED_REMOTE_CACHE_ACCESS_TOKEN: 'of a run that is over',
      INTERLOCK_CACHE_LISTENER: `${server} ${workspace.root}`,
    }
    expect((await green(workspace, { ...TOKEN, ...left })).summary).toMatchObject({ uploads: { done: TASKS }, faults: {} })
    const off = await workspace.nx([...WORDS, '--skipNxCache'], { ...TOKEN, ...left, INTERLOCK_CACHE: 'off' })
    expect(off).toMatchObject({ status: 0 })
  })

  it('a run that a task of a run starts here is part of it', async () => {
    const nested = `import { spawnSync } from 'node:child_process'
if (name === 'p0' && process.env.NESTED !== 'yes')
  spawnSync('npx', ['nx', 'run', 'p1:build'], { env: { ...process.env, NESTED: 'yes' }, stdio: 'inherit' })`
    const workspace = workspaceWith({ before: nested })
    const ended = await workspace.nx(['run', 'p0:build'], TOKEN)
    expect(ended).toMatchObject({ status: 0 })
    expect(readSummary(workspace.root)).toMatchObject({ tasks: 1, misses: 2, uploads: { done: 2 } })
  })
})

test('cache-06 without a token there is no cache but the local one, and the run is green', async () => {
  cache.behave = (request, response) => {
    if (request.headers.authorization !== undefined) return false
    request.resume()
    response.writeHead(401, { 'content-type': 'text/plain' }).end('no token')
    return true
  }
  const { ended, summary } = await green(workspaceWith(), {})
  expect(ended.output).toContain('no access: the cache asks for a token, and there is none')
  expect(summary).toMatchObject({ remoteHits: 0, faults: {}, uploads: { done: 0, dropped: { 'no token': TASKS } } })
})

test('a token that can be none is named, nobody is asked in its place, and the run is green', async () => {
  const env = { INTERLOCK_CACHE_TOKEN: 'abc\ndef', INTERLOCK_CACHE_ID_TOKEN: 'identity', INTERLOCK_CACHE: 'no' }
  const { ended } = await green(workspaceWith(), env)
  expect(ended.output).toContain('no access: what is in INTERLOCK_CACHE_TOKEN is no token')
  expect(ended.output).toContain('interlock: the value of INTERLOCK_CACHE means nothing')
  expect(ended.output).not.toContain('abc')
  expect(cache.requests).toEqual([])
})

test('an address where something answers that is no cache is named as such', async () => {
  cache.behave = (request, response) => (request.resume(), response.writeHead(404).end('no such page'), true)
  const { ended } = await green(workspaceWith())
  expect(ended.output).toMatch(/the address answers, and is no cache: status 404 to an upload 4×/)
  const { ended: exchanged } = await green(workspaceWith(), { INTERLOCK_CACHE_ID_TOKEN: 'identity' })
  expect(exchanged.output).toContain('no access: the address answers, and is no cache: status 404 to /v1/token')
})

test('cache-12 a session that expires in the middle of a run is renewed, and nothing is lost', async () => {
  const workspace = workspaceWith({ layers: TASKS })
  const env = { INTERLOCK_CACHE_ID_TOKEN: 'identity' }
  await green(workspace, env)
  workspace.forget()
  cache.behave = (request, response) => {
    // Each session lives for one artifact.
    const token = request.headers.authorization?.replace('Bearer ', '') ?? ''
    if (request.url === '/v1/token' || cache.tokens.delete(token)) return false
    request.resume()
    response.writeHead(404, { [HEADERS.reason]: 'expired' }).end()
    return true
  }
  const { summary } = await green(workspace, env)
  expect(summary).toMatchObject({ remoteHits: TASKS, misses: 0, faults: {} })
  expect(cache.requests.filter(({ url }) => url === '/v1/token').length).toBeGreaterThan(2)
})

test('cache-44 the proxy of the machine gets what goes to the cache, and nothing of what stays here', async () => {
  const seen: string[] = []
  const proxy = await createTestCache()
  proxy.behave = (request, response) => {
    seen.push(request.url ?? '')
    request.resume()
    response.writeHead(404).end()
    return true
  }
  const workspace = workspaceWith({ cache: 'url: http://cache.example.invalid/base/' })
  const { summary } = await green(workspace, { ...TOKEN, HTTP_PROXY: proxy.url, http_proxy: proxy.url, HTTPS_PROXY: proxy.url })
  expect(seen.length).toBeGreaterThan(0)
  expect(seen.filter((url) => !url.startsWith('http://cache.example.invalid/base/v1/cache/'))).toEqual([])
  expect(summary).toMatchObject({ misses: TASKS })
  await proxy.dispose()
})

test('cache-45 a token with a line break reaches the cache without it', async () => {
  const { summary } = await green(workspaceWith(), { INTERLOCK_CACHE_TOKEN: 'abc\n' })
  expect(summary).toMatchObject({ faults: {}, uploads: { done: TASKS } })
  expect(cache.requests[0]?.headers.authorization).toBe('Bearer abc')
})
