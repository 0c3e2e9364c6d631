import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Outcome } from '@interlock/cli'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createNxWorkspace, type NxWorkspace } from '../testing/nx-workspace.ts'
import { createTestVerbs, INTERLOCK, type TestVerbs } from '../testing/verbs.ts'

// Each start of Nx takes seconds on a machine that is busy with something else.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

let workspace: NxWorkspace
let base: string
let run: TestVerbs['run']
let dispose: TestVerbs['dispose']

beforeAll(() => {
  ;({ workspace, base, run, dispose } = createTestVerbs())
})
afterAll(() => dispose())

function affected(options: Readonly<Record<string, unknown>> = {}): Promise<Outcome> {
  return run('affected', { options: { targets: ['test'], ...options } })
}

/** The table's columns that do not depend on the clock. */
function results(outcome: Outcome): string[] {
  const { tasks } = outcome.data as { tasks: { id: string; outcome: string; cached: boolean }[] }
  return tasks.map((task) => `${task.id} ${task.outcome}${task.cached ? ' cached' : ''}`).sort()
}

describe('affected', () => {
  test('runs everything on request and ends with the sum over all runners', async () => {
    const outcome = await affected({ all: true })
    expect(results(outcome)).toEqual(['high:test passed', 'lone:test passed', 'low:test passed'])
    expect(outcome.prose.split('\n').at(-1)).toBe('9 passed, 0 failed, 2 skipped')
    expect(outcome.status).toBe(0)
  })

  test('a second run is cached, counts the same tests and says what was saved', async () => {
    const outcome = await affected({ all: true })
    expect(results(outcome)).toEqual(['high:test passed cached', 'lone:test passed cached', 'low:test passed cached'])
    expect(outcome.prose.split('\n').at(-1)).toBe('9 passed, 0 failed, 2 skipped')
    expect(outcome.data).toMatchObject({ tasks: [{ savedMs: expect.any(Number) }, {}, {}] })
  })

  test('promise-6: a damaged or missing table of durations only makes the saved time unknown', async () => {
    workspace.write('.nx/interlock/durations.json', '{ not json')
    expect((await affected({ all: true })).prose).toMatch(/low +test +passed +- +yes +unknown/u)
  })

  test('no change is said in words with the base, and is green', async () => {
    const outcome = await affected({ base: 'HEAD', head: 'HEAD' })
    expect(outcome.prose).toContain(
      `no work because nothing is affected: no input of test changed since ${base.slice(0, 12)} (--base HEAD)`,
    )
    expect(outcome).toMatchObject({ status: 0, data: { green: true, tasks: [] } })
  })

  test('promise-1: a failed task is red, and what waited for it is listed as skipped', async () => {
    workspace.remove('crates/low/result.txt')
    const outcome = await affected()
    expect(outcome.status).toBe(1)
    expect(results(outcome)).toEqual(['high:test skipped', 'low:test failed'])
    expect(outcome.prose.split('\n').at(-1)).toBe('0 passed, 1 failed, 0 skipped')
    workspace.git('checkout', '-q', '--', '.')
  })

  test('promise-1: an Nx that ends without a report is an error, whatever the reason', async () => {
    const broken = run('affected', { options: { targets: ['test'], all: true }, rest: ['--runner=nosuch'] })
    await expect(broken).rejects.toMatchObject({ code: 'NX_FAILED', exitStatus: 1 })
  })

  test.each([['--base=HEAD'], ['-t'], ['--files=x'], ['--uncommitted']])('promise-1: %s after -- is refused', async (word) => {
    await expect(run('affected', { options: { targets: ['test'] }, rest: [word] })).rejects.toMatchObject({ code: 'USAGE' })
  })

  test('names that Nx would take for options are refused', async () => {
    await expect(affected({ targets: ['--skip'] })).rejects.toMatchObject({ code: 'USAGE' })
    await expect(affected({ targets: [','] })).rejects.toMatchObject({ code: 'USAGE' })
  })

  test('flags after -- reach Nx', async () => {
    const outcome = await run('affected', { options: { targets: ['test'], all: true }, rest: ['--exclude=low,high'] })
    expect(results(outcome)).toEqual(['lone:test passed cached'])
  })

  test('Ctrl-C ends Nx and its tasks, and the status is 130', async () => {
    workspace.write(
      'crates/low/project.json',
      JSON.stringify({
        name: 'low',
        targets: { test: { executor: 'nx:run-commands', options: { command: 'node -e "setTimeout(()=>{},98765)"' } } },
      }),
    )
    const child = spawn(process.execPath, [INTERLOCK, 'affected', '-t', 'test', '--all'], {
      cwd: workspace.root,
      stdio: 'ignore',
    })
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
    await until(() => sleepers().length > 0)
    child.kill('SIGINT')
    expect(await ended).toBe(130)
    await until(() => sleepers().length === 0)
    workspace.git('checkout', '-q', '--', '.')
  })
})

test('promise-1: a script whose `node --test` finds no test is red, also from the cache, until there is one', async () => {
  const packages = createNxWorkspace({
    'package.json': '{"name": "w", "private": true, "workspaces": ["packages/*"]}',
    'packages/empty/package.json': '{"name": "empty", "version": "0.1.0", "scripts": {"test": "node --test"}}',
    'packages/empty/index.js': '',
  })
  try {
    packages.commit('base')
    const everything = { root: packages.root, options: { targets: ['test'], all: true } }
    const first = await run('affected', everything)
    expect([results(first), first.status]).toEqual([['empty:test no tests'], 1])
    const again = await run('affected', everything)
    expect([results(again), again.status]).toEqual([['empty:test no tests cached'], 1])
    packages.write('packages/empty/index.test.js', "require('node:test').test('works', () => {})\n")
    const mended = await run('affected', everything)
    expect([results(mended), mended.status]).toEqual([['empty:test passed'], 0])
    expect(mended.prose.split('\n').at(-1)).toBe('1 passed, 0 failed, 0 skipped')
  } finally {
    packages.dispose()
  }
})

test('the durations of this clone are kept beside its cache', () => {
  expect(JSON.parse(readFileSync(join(workspace.root, '.nx/interlock/durations.json'), 'utf8'))).toBeTypeOf('object')
})

function sleepers(): string[] {
  const { stdout } = spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
  return stdout.split('\n').filter((line) => line.startsWith('node -e setTimeout') && line.includes('98765'))
}

async function until(condition: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (condition()) return
    await sleep(100)
  }
  throw new Error('the condition did not come true within 20 s')
}
