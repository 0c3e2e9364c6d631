import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readSummary } from './io/places.ts'
import { createRunWorkspace, type Environment, type RunWorkspace } from './testing/run-workspace.ts'

const INTERLOCK = join(import.meta.dirname, '..', '..', 'cli', 'bin', 'interlock.js')
const TASKS = 5
const TESTS = ['run-many', '-t', 'build']

let workspace: RunWorkspace
let data: string
let server: ChildProcess
let url: string

beforeEach(async () => {
  data = realpathSync(mkdtempSync(join(tmpdir(), 'interlock-cache-server-')))
  workspace = createRunWorkspace({ tasks: TASKS })
  await serve()
})
afterEach(async () => {
  server.kill('SIGKILL')
  await workspace.dispose()
  rmSync(data, { recursive: true, force: true })
})

/** Starts the server of this repository as a person does, in the workspace. */
async function serve(): Promise<void> {
  server = spawn(process.execPath, [INTERLOCK, 'cache', 'serve', '--port', url === undefined ? '0' : new URL(url).port], {
    cwd: workspace.root,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [server.stdout, server.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (output += text))
  await expect.poll(() => output, { timeout: 30_000 }).toMatch(/the cache listens on http:\S+,[\s\S]*its token is in \S+/)
  url = /listens on (http:\S+?),/u.exec(output)?.[1] ?? ''
  tokenFile = join(workspace.root, /its token is in ([^\s,]+)/u.exec(output)?.[1] ?? '')
}
let tokenFile: string

/** What a person exports in the other terminal. */
function terminal(): Environment {
  expect(existsSync(tokenFile)).toBe(true)
  return { INTERLOCK_CACHE_URL: url, INTERLOCK_CACHE_TOKEN: readFileSync(tokenFile, 'utf8') }
}

test('the server of this repository gives back what a run left there, after the local cache is cleared', async () => {
  const env = terminal()
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
  const env = terminal()
  const running = workspace.start(['run-many', '-t', 'build', '--parallel=1'], env)
  await expect.poll(() => workspace.shields().length, { timeout: 30_000 }).toBe(1)
  server.kill('SIGKILL')
  expect(await running.ended).toMatchObject({ status: 0 })
  expect(workspace.wrongOutputs()).toEqual([])
  await serve()
  for (const pid of workspace.shields()) process.kill(pid, 'SIGKILL')
  workspace.forget()
  expect(await workspace.nx(TESTS, env)).toMatchObject({ status: 0 })
  expect(readSummary(workspace.root)).toMatchObject({ faults: {}, uploads: { dropped: {} } })
})
