import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Invocation, Outcome } from '@interlock/cli'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createNxWorkspace, type NxWorkspace } from '../testing/nx-workspace.ts'
import { createVerbWorkspace, LOCK_B, lockText } from '../testing/verb-workspace.ts'
import { verbs } from './index.ts'

const INTERLOCK = join(import.meta.dirname, '..', '..', '..', 'cli', 'bin', 'interlock.js')

/** What the real Nx needs to run the plugin from its source, and must not inherit from the Nx that runs this test. */
const ENVIRONMENT: Readonly<Record<string, string | undefined>> = {
  ...Object.fromEntries(
    Object.keys(process.env).flatMap((name) => (/^NX_|^CI$|^GITHUB_/u.test(name) ? [[name, undefined]] : [])),
  ),
  NODE_OPTIONS: '--conditions=@interlock/source',
  NX_DAEMON: 'false',
  NX_ISOLATE_PLUGINS: 'false',
  NX_NO_CLOUD: 'true',
  NX_TUI: 'false',
}

// Each start of Nx takes seconds on a machine that is busy with something else.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

let workspace: NxWorkspace
let base: string

beforeAll(() => {
  for (const [name, value] of Object.entries(ENVIRONMENT)) vi.stubEnv(name, value)
  workspace = createVerbWorkspace()
  workspace.nx(['sync'])
  base = workspace.commit('base')
  workspace.git('checkout', '-q', '-b', 'feature')
})

afterAll(() => {
  vi.unstubAllEnvs()
  workspace.dispose()
})

async function run(name: string, given: Partial<Invocation> = {}): Promise<Outcome> {
  const verb = verbs.find((each) => each.name === name)
  if (verb === undefined) throw new Error(`no verb ${name}`)
  return verb.run({ root: workspace.root, env: {}, arguments: [], options: {}, rest: [], json: true, ...given })
}

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

describe('why and lock diff', () => {
  test('why agrees with Nx about a source file, and shows the way to it', async () => {
    workspace.write('crates/low/src/lib.rs', '// changed\n')
    const selected = workspace.affected(base)
    expect((await run('why', { arguments: ['lone:test'] })).data).toMatchObject({ affected: selected.includes('lone') })
    const outcome = await run('why', { arguments: ['high'] })
    expect(outcome.data).toMatchObject({ affected: selected.includes('high'), tasks: expect.arrayContaining(['high:test']) })
    expect(outcome.prose).toContain('high:test is affected:')
    expect(outcome.prose).toMatch(/crates\/low\/src\/lib\.rs → input .* → high → low/u)
    workspace.git('checkout', '-q', '--', '.')
  })

  test('a project that is not affected is said to be so, with status 0', async () => {
    workspace.write('crates/lone/src/lib.rs', '// changed\n')
    const outcome = await run('why', { arguments: ['low:test'] })
    expect(outcome).toMatchObject({ status: 0, prose: expect.stringContaining('low:test is not affected') })
    workspace.git('checkout', '-q', '--', '.')
  })

  test('a bump in the lock file is shown as packages, for exactly the projects that can reach it', async () => {
    workspace.write('Cargo.lock', lockText(LOCK_B))
    expect((await run('lock diff')).prose).toContain('Cargo.lock\n  hex 0.4.3 → 0.4.4\n      for lone')
    expect(workspace.affected(base, 'lint')).toEqual(['lone'])
    expect((await run('why', { arguments: ['lone:lint'] })).prose).toContain('Cargo.lock: hex 0.4.3 → 0.4.4')
    workspace.git('checkout', '-q', '--', '.')
  })

  test('unknown projects and targets are errors that name the known ones', async () => {
    await expect(run('why', { arguments: ['nosuch'] })).rejects.toMatchObject({
      code: 'PROJECT_UNKNOWN',
      hint: 'the projects are: high, lone, low',
    })
    await expect(run('why', { arguments: ['low:nosuch'] })).rejects.toMatchObject({ code: 'TARGET_UNKNOWN' })
  })

  test('without a commit to compare with, everything is affected and there is no diff', async () => {
    const main = createNxWorkspace({
      'package.json': '{}',
      'p/project.json': '{"name": "p", "targets": {"test": {"command": "true"}}}',
    })
    main.commit('first')
    expect((await run('why', { root: main.root, arguments: ['p'] })).prose).toMatch(
      /^p is affected because everything is: HEAD is part of main/u,
    )
    expect((await run('lock diff', { root: main.root })).prose).toContain('no commit to compare with')
    main.dispose()
  })
})

describe('base', () => {
  test('is the merge base with the default branch', async () => {
    workspace.commit('a commit of the branch')
    expect((await run('base')).prose).toBe(`commit ${base}\nmerge base with main`)
  })

  test('promise-2: a closure that was stale at the base means everything', async () => {
    workspace.write('Cargo.lock', lockText(LOCK_B))
    const stale = workspace.commit('a bump that nobody synced')
    expect(await run('base', { options: { base: stale } })).toMatchObject({
      status: 0,
      data: { kind: 'everything', cause: 'stale-at-base' },
      prose: expect.stringContaining('crates/lone'),
    })
    workspace.nx(['sync'])
    const synced = workspace.commit('synced')
    expect((await run('base', { options: { base: synced } })).data).toMatchObject({ kind: 'commit', commit: synced })
  })

  test('a template that .nxignore leaves out is read neither on disk nor at a commit', async () => {
    workspace.write('template/Cargo.toml', '[package]\nname = "{{name}}"\n')
    const refused = workspace.nx(['show', 'projects'])
    expect(refused).toMatchObject({ status: 1, output: expect.stringContaining('template/Cargo.toml') })
    expect(refused.output).toContain('name its folder in .nxignore')
    workspace.write('.nxignore', '/template\n')
    const base = workspace.commit('a template')
    expect(workspace.nx(['show', 'projects'])).toMatchObject({ status: 0 })
    expect(workspace.nx(['sync:check'])).toMatchObject({ status: 0 })
    expect((await run('base', { options: { base } })).data).toMatchObject({ kind: 'commit', commit: base })
    const { findings } = (await run('doctor')).data as { findings: { rule: string; evidence: string[] }[] }
    expect(findings.find(({ rule }) => rule === 'hidden-manifests')?.evidence).toEqual(['template/Cargo.toml'])
    workspace.remove('template')
    workspace.remove('.nxignore')
    workspace.commit('no template')
  })

  test.each(['', '{"plugins": [', '[]'])('promise-2: an nx.json that was %j at the base means everything', async (text) => {
    const before = workspace.read('nx.json')
    workspace.write('nx.json', text)
    const broken = workspace.commit('broken nx.json')
    workspace.write('nx.json', before)
    workspace.commit('mended nx.json')
    expect((await run('base', { options: { base: broken } })).data).toMatchObject({
      kind: 'everything',
      cause: 'unreadable-at-base',
    })
  })

  test('promise-2: a manifest that was broken at the base means everything, and says where', async () => {
    workspace.write('crates/lone/Cargo.toml', '[package\n')
    const broken = workspace.commit('broken')
    expect(await run('base', { options: { base: broken } })).toMatchObject({
      data: { kind: 'everything', cause: 'unreadable-at-base' },
      prose: expect.stringContaining('crates/lone/Cargo.toml:1'),
    })
    workspace.git('revert', '--no-edit', 'HEAD')
  })
})

describe('doctor', () => {
  test('checks the real workspace, and prints what is declared harmless', async () => {
    const outcome = await run('doctor')
    const { findings } = outcome.data as { findings: { rule: string; severity: string; evidence: string[] }[] }
    expect(findings.find((finding) => finding.rule === 'irrelevant')).toMatchObject({
      severity: 'note',
      evidence: ['notes/a.txt'],
    })
    expect(
      findings.filter((finding) => ['graph', 'slices', 'closures-stale', 'nx-version', 'plugin'].includes(finding.rule)),
    ).toEqual([])
  })

  test('names a broken manifest, stale closures, ignored closures and a missing tool', async () => {
    workspace.write('.nxignore', '# comment\n/closures.json\n')
    workspace.write('crates/low/project.json', '{"name": "low", "targets": {"x": {"command": "no-such-tool-here --flag"}}}')
    const healthy = await run('doctor')
    expect(healthy).toMatchObject({ status: 1, prose: expect.stringContaining('.nxignore:2:/closures.json') })
    expect(healthy.prose).toContain('no-such-tool-here is not installed')
    workspace.write('crates/low/Cargo.toml', '[package\n')
    const broken = await run('doctor')
    const rules = (broken.data as { findings: { rule: string }[] }).findings.map((finding) => finding.rule)
    expect(rules).toEqual(expect.arrayContaining(['graph', 'slices']))
  })
})

describe('the command line', () => {
  test('prints the same answers as prose and as JSON, from any folder of the clone', () => {
    workspace.git('checkout', '-q', '-f', 'main')
    workspace.git('clean', '-q', '-f')
    const interlock = (...words: string[]) =>
      spawnSync(process.execPath, [INTERLOCK, ...words], { cwd: join(workspace.root, 'crates', 'low'), encoding: 'utf8' })
    expect(interlock('base').stdout).toMatch(/^everything\nHEAD is part of main/u)
    expect(JSON.parse(interlock('base', '--json').stdout)).toMatchObject({ kind: 'everything', cause: 'nothing-since' })
    expect(interlock('base', '--base=')).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('BASE_EMPTY') })
    expect(interlock('bas')).toMatchObject({ status: 2, stderr: expect.stringContaining('(Did you mean base?)') })
  })
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

test('the durations of this clone are kept beside its cache', () => {
  expect(JSON.parse(readFileSync(join(workspace.root, '.nx/interlock/durations.json'), 'utf8'))).toBeTypeOf('object')
})
