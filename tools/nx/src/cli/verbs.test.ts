import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createNxWorkspace, type NxWorkspace } from '../testing/nx-workspace.ts'
import { createTestVerbs, INTERLOCK, type TestVerbs } from '../testing/verbs.ts'
import { LOCK_B, lockText } from '../testing/verb-workspace.ts'

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
