import { afterEach, beforeEach, expect, test } from 'vitest'
import { readSummary } from './io/places.ts'
import { createRunWorkspace, type RunWorkspace } from './testing/run-workspace.ts'
import { type ServedCache, serveCache } from './testing/serve.ts'

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
