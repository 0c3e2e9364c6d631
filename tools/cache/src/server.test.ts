import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { readSummary } from './io/places.ts'
import { createRunWorkspace, type RunWorkspace } from './testing/run-workspace.ts'
import { type ServedCache, serveCache } from './testing/serve.ts'

// The real Nx, on a machine that may have other things to do.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

const TASKS = 5
const TESTS = ['run-many', '-t', 'build']

let workspace: RunWorkspace
let server: ServedCache

beforeEach(async () => {
  workspace = createRunWorkspace({ tasks: TASKS })
  server = await serveCache(workspace.root)
})
afterEach(async () => {
  server.kill()
  await workspace.dispose()
})

test('the server of this repository gives back what a run left there, after the local cache is cleared', async () => {
  const { env, url } = server
  expect(await workspace.nx(TESTS, env)).toMatchObject({ status: 0 })
  expect(readSummary(workspace.root)).toMatchObject({ misses: TASKS, faults: {}, uploads: { done: TASKS, dropped: {} } })
  workspace.forget()
  expect(await workspace.nx(TESTS, env)).toMatchObject({ status: 0 })
  expect(workspace.wrongOutputs()).toEqual([])
  expect(readSummary(workspace.root)).toMatchObject({ remoteHits: TASKS, faults: {} })

  const doctor = await workspace.interlock(['cache', 'doctor'], env)
  expect(doctor.output).toContain('this machine can use the cache')
  expect(doctor.output).toMatch(/^good {9}address {5}http:\S+ answers$/m)
  expect(doctor.output).toMatch(/^good {9}write {7}\d+ bytes went there and came back$/m)
  expect(doctor.status).toBe(0)

  const status = await workspace.interlock(['cache', 'status', '--json'], env)
  expect(JSON.parse(status.output)).toMatchObject({
    url,
    lastRun: { remoteHits: TASKS },
    shields: [{ url }],
    server: { kind: 'answers' },
  })
})

test('a kill -9 of the server in the middle of a run leaves the run green, and the next server is used again', async () => {
  const { env } = server
  const running = workspace.start(['run-many', '-t', 'build', '--parallel=1'], env)
  await expect.poll(() => workspace.shields().length, { timeout: 30_000 }).toBe(1)
  server.kill()
  expect(await running.ended).toMatchObject({ status: 0 })
  expect(workspace.wrongOutputs()).toEqual([])
  server = await serveCache(workspace.root, Number(new URL(server.url).port))
  for (const pid of workspace.shields()) process.kill(pid, 'SIGKILL')
  workspace.forget()
  expect(await workspace.nx(TESTS, env)).toMatchObject({ status: 0 })
  expect(readSummary(workspace.root)).toMatchObject({ faults: {}, uploads: { dropped: {} } })
})

test('what the guide says to type in two terminals gives remote hits after the local cache is cleared', async () => {
  // As in apps/docs/content/guides/remote-cache.md, but for the port, which is taken here by whoever came first.
  const script = [
    `export INTERLOCK_CACHE_URL=${server.url}`,
    'export INTERLOCK_CACHE_TOKEN="$(cat .interlock/cache-server/token)"',
    'npx interlock affected -t build --all',
    'rm -rf .nx/cache',
    'npx interlock affected -t build --all',
    'npx interlock cache status',
    'npx interlock cache doctor',
  ]
  const { status, output } = await workspace.shell(script.join(' && '))
  expect(output).toMatch(/^cache: 0 remote and 0 local hits, 5 misses, 5 uploads/m)
  expect(output).toMatch(/^cache: 5 remote and 0 local hits/m)
  expect(output).toMatch(/^last run  .*: 5 remote and 0 local hits/m)
  expect(output).toContain('this machine can use the cache')
  expect(status).toBe(0)
})

test('an administrator purges what a run wrote, and the next run builds it again', async () => {
  const { env } = server
  await workspace.nx(TESTS, env)
  const admin = { ...env, INTERLOCK_CACHE_ADMIN_TOKEN: env.INTERLOCK_CACHE_TOKEN }
  const dry = await workspace.interlock(['cache', 'purge', '--everything'], admin)
  expect(dry.output).toMatch(/would purge 5 entries, \d\.\d kB; nothing was done: repeat it with --yes/)
  for (const words of [
    ['purge', '--run', '4711'],
    ['quarantine', '--run', '4711'],
  ] as const) {
    const none = await workspace.interlock(['cache', ...words], admin)
    expect(none).toMatchObject({
      status: 0,
      output: expect.stringMatching(/would \w+ 0 entries, 0 B; nothing was done/) as string,
    })
  }
  const aside = await workspace.interlock(['cache', 'quarantine', '--tool', 'nx', '--yes'], admin)
  expect(aside.output).toMatch(/^quarantine: 5 of 5 entries/m)
  workspace.forget()
  await workspace.nx(TESTS, env)
  expect(readSummary(workspace.root)).toMatchObject({ remoteHits: 0, misses: TASKS, faults: {} })
  const gone = await workspace.interlock(['cache', 'purge', '--everything', '--yes'], admin)
  expect(gone.output).toMatch(/^purge: 5 of 5 entries/m)
  workspace.forget()
  await workspace.nx(TESTS, env)
  expect(readSummary(workspace.root)).toMatchObject({ misses: TASKS, uploads: { done: TASKS } })
})
