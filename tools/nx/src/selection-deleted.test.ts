import type { Outcome } from '@interlock/cli'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { verbs } from './cli/index.ts'
import { createNxWorkspace, type NxWorkspace } from './testing/nx-workspace.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

beforeAll(() => {
  for (const name of Object.keys(process.env)) if (/^NX_|^CI$/u.test(name)) vi.stubEnv(name, undefined)
  vi.stubEnv('NODE_OPTIONS', '--conditions=@interlock/source')
  vi.stubEnv('NX_DAEMON', 'false')
  vi.stubEnv('NX_ISOLATE_PLUGINS', 'false')
})
afterAll(() => vi.unstubAllEnvs())

async function baseOf(workspace: NxWorkspace, base: string): Promise<Outcome> {
  const verb = verbs.find(({ name }) => name === 'base')
  if (verb === undefined) throw new Error('no verb base')
  return verb.run({ root: workspace.root, env: {}, arguments: [], options: { base }, rest: [], json: true })
}

describe('a folder beside projects', () => {
  const names = ['m0', 'm1', 'm2']
  let beside: NxWorkspace
  let mixed: string
  let onlyProjects: string

  beforeAll(() => {
    beside = createNxWorkspace({
      'package.json': '{"name": "w", "private": true}',
      'Cargo.toml': '[workspace]\nmembers = ["crates/m*"]\nexclude = ["crates/shared"]\nresolver = "2"\n',
      'Cargo.lock': lockOf(names),
      'crates/m0/Cargo.toml': `${crate('m0')}[dependencies]\nm1 = { path = "../m1" }\n`,
      'crates/m1/Cargo.toml': crate('m1'),
      'crates/m2/Cargo.toml': crate('m2'),
      ...Object.fromEntries(names.map((name) => [`crates/${name}/src/lib.rs`, ''])),
      'crates/shared/data.json': '{}',
    })
    beside.nx(['sync'])
    mixed = beside.commit('shared data')
    beside.remove('crates/shared')
    beside.nx(['sync'])
    onlyProjects = beside.commit('no shared data')
  })
  afterAll(() => beside.dispose())
  afterEach(() => beside.git('reset', '-q', '--hard', onlyProjects))

  it('promise-2: that is no project runs everybody when it is edited, and when it is deleted, synced or not', () => {
    beside.git('reset', '-q', '--hard', mixed)
    beside.write('crates/shared/data.json', '{"edited": true}')
    beside.commit('edited')
    expect(beside.affected(mixed)).toEqual(names)
    beside.git('reset', '-q', '--hard', mixed)
    beside.remove('crates/shared')
    beside.commit('deleted')
    expect(beside.affected(mixed)).toEqual(names)
    beside.git('reset', '-q', '--hard', onlyProjects)
    expect(beside.affected(mixed)).toEqual(names)
  })

  it('that was a project runs who needed it, and nobody else', () => {
    beside.remove('crates/m2')
    beside.write('Cargo.lock', lockOf(['m0', 'm1']))
    beside.commit('m2 is gone')
    expect(beside.affected(onlyProjects)).toEqual([])
    beside.nx(['sync'])
    beside.commit('synced')
    expect(beside.affected(onlyProjects)).toEqual([])
    beside.remove('crates/m1')
    beside.write('crates/m0/Cargo.toml', crate('m0'))
    beside.write('Cargo.lock', lockOf(['m0']))
    beside.commit('m1 is gone')
    expect(beside.affected(onlyProjects)).toEqual(['m0'])
  })

  it('that was a project is told from one that moved', () => {
    beside.git('mv', 'crates/m2', 'crates/m3')
    beside.write('crates/m3/Cargo.toml', crate('m3'))
    beside.write('Cargo.lock', lockOf(['m0', 'm1', 'm3']))
    beside.commit('m2 is m3')
    expect(beside.affected(onlyProjects)).toEqual(['m3'])
  })

  it('promise-2: that came without a sync and goes again is invisible to plain nx, and everything to Interlock', async () => {
    beside.write('crates/shared/data.json', '{}')
    const unsynced = beside.commit('shared data that nobody synced')
    expect(beside.affected(onlyProjects)).toEqual(names)
    expect(beside.nx(['sync:check']).status).toBe(1)
    beside.remove('crates/shared')
    beside.commit('gone again')
    expect(beside.affected(unsynced)).toEqual([])
    expect(await baseOf(beside, unsynced)).toMatchObject({
      data: { kind: 'everything', cause: 'stale-at-base', reason: expect.stringContaining('crates/*') },
    })
  })
})

describe('promise-2: a needed project that is gone, and nothing else changed,', () => {
  const P = (name: string, needs: readonly string[] = []): string =>
    `[project]\nname = "${name}"\nversion = "0.1"\ndependencies = ${JSON.stringify(needs)}\n[tool.pytest.ini_options]\n`
  const uvPackage = (name: string, needs: readonly string[] = []): string =>
    `[[package]]\nname = "${name}"\nversion = "0.1"\nsource = { editable = "py/${name}" }\ndependencies = [${needs.map((need) => `{ name = "${need}" }`).join(', ')}]\n`
  const python = { 'py/a/pyproject.toml': P('a', ['b']), 'py/b/pyproject.toml': P('b'), 'py/c/pyproject.toml': P('c') }
  const rust = {
    'Cargo.toml': '[workspace]\nmembers = ["crates/*"]\nresolver = "2"\n[patch.crates-io]\nb = { path = "crates/b" }\n',
    'Cargo.lock': `version = 4\n\n[[package]]\nname = "a"\nversion = "0.1.0"\ndependencies = ["b"]\n\n[[package]]\nname = "b"\nversion = "0.1.0"\n\n[[package]]\nname = "c"\nversion = "0.1.0"\n`,
    'crates/a/Cargo.toml': `${crate('a')}[dependencies]\nb = "0.1"\n`,
    ...Object.fromEntries(['b', 'c'].map((name) => [`crates/${name}/Cargo.toml`, crate(name)])),
    ...Object.fromEntries(['a', 'b', 'c'].map((name) => [`crates/${name}/src/lib.rs`, ''])),
  }

  it.each<[string, Record<string, string>, string]>([
    ['a crate in the place of one of the registry', rust, 'crates/b'],
    [
      'a member of a uv workspace, by its name alone',
      {
        ...python,
        'pyproject.toml': '[tool.uv.workspace]\nmembers = ["py/*"]\n',
        'uv.lock': `version = 1\n${uvPackage('a', ['b'])}${uvPackage('b')}${uvPackage('c')}`,
      },
      'py/b',
    ],
    ['a package that requirements.txt installs', { ...python, 'requirements.txt': '-e ./py/a\n-e ./py/b\nx==1\n' }, 'py/b'],
    [
      'a package that pylock.toml installs',
      { ...python, 'pylock.toml': 'lock-version = "1.0"\n[[packages]]\nname = "b"\n[packages.directory]\npath = "py/b"\n' },
      'py/b',
    ],
    [
      'a project that a target names',
      {
        ...rust,
        'Cargo.toml': '[workspace]\nmembers = ["crates/*"]\nresolver = "2"\n',
        'Cargo.lock': rust['Cargo.lock'].replace('dependencies = ["b"]\n', ''),
        'crates/a/Cargo.toml': crate('a'),
        'crates/a/project.json': '{"targets": {"test": {"inputs": ["...", {"input": "default", "projects": ["b"]}]}}}',
      },
      'crates/b',
    ],
  ])('as %s, runs who needed it before and after a sync, as its edit does', (_, files, folder) => {
    const workspace = createNxWorkspace({ 'package.json': '{"name": "w", "private": true}', ...files })
    try {
      workspace.nx(['sync'])
      const before = workspace.commit('synced')
      workspace.write(`${folder}/src/new.txt`, 'edited')
      workspace.commit('edited')
      expect(workspace.affected(before)).toEqual(['a', 'b'])
      workspace.git('reset', '-q', '--hard', before)
      workspace.remove(folder)
      workspace.commit('gone')
      expect(workspace.affected(before)).toContain('a')
      workspace.nx(['sync'])
      workspace.commit('synced')
      expect(workspace.affected(before)).toContain('a')
    } finally {
      workspace.dispose()
    }
  })

  it('is not seen by plain nx where closures.json held a key twice, and is everything to Interlock', async () => {
    const workspace = createNxWorkspace({
      'package.json': '{"name": "w", "private": true}',
      ...rust,
      'crates/shared/data.json': '{}',
    })
    try {
      workspace.write('closures.json', '{ "crates/a": "0", "crates/a": "1", "crates/~2a": "projects" }')
      const damaged = workspace.commit('merged by union')
      workspace.remove('crates/shared')
      workspace.nx(['sync'])
      workspace.commit('gone and synced')
      expect(await baseOf(workspace, damaged)).toMatchObject({
        data: {
          kind: 'everything',
          cause: 'stale-at-base',
          reason: expect.stringContaining('the key "crates/a" is there twice'),
        },
      })
    } finally {
      workspace.dispose()
    }
  })
})

function crate(name: string): string {
  return `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2024"\n`
}

function lockOf(names: readonly string[]): string {
  const entry = (name: string): string => {
    const needs = name === 'm0' && names.includes('m1') ? 'dependencies = ["m1"]\n' : ''
    return `[[package]]\nname = "${name}"\nversion = "0.1.0"\n${needs}`
  }
  return `version = 4\n\n${names.map(entry).join('\n')}`
}
