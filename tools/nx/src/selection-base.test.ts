import type { Outcome } from '@interlock/cli'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { verbs } from './cli/index.ts'
import { createNxWorkspace, type NxWorkspace } from './testing/nx-workspace.ts'
import { createVerbWorkspace, LOCK_A, LOCK_B, lockText } from './testing/verb-workspace.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const EVERYTHING = ['high:test', 'lone:test', 'low:test']

let workspace: NxWorkspace

beforeAll(() => {
  for (const name of Object.keys(process.env)) if (/^NX_|^CI$/u.test(name)) vi.stubEnv(name, undefined)
  vi.stubEnv('NODE_OPTIONS', '--conditions=@interlock/source')
  vi.stubEnv('NX_DAEMON', 'false')
  vi.stubEnv('NX_ISOLATE_PLUGINS', 'false')
  workspace = createVerbWorkspace()
  workspace.nx(['sync'])
  workspace.commit('synced')
})
afterAll(() => {
  vi.unstubAllEnvs()
  workspace.dispose()
})

async function run(name: string, options: Readonly<Record<string, unknown>>, root = workspace.root): Promise<Outcome> {
  const verb = verbs.find((each) => each.name === name)
  if (verb === undefined) throw new Error(`no verb ${name}`)
  return verb.run({ root, env: {}, arguments: [], options, rest: [], json: true })
}

function tasksOf(outcome: Outcome): string[] {
  return (outcome.data as { tasks: { id: string }[] }).tasks.map((task) => task.id).sort()
}

describe('promise-2: a lock-only revert of a bump that main never synced', () => {
  let unsynced: string

  beforeAll(() => {
    workspace.write('Cargo.lock', lockText(LOCK_B))
    workspace.commit('a bump that nobody synced')
    workspace.write('crates/lone/src/lib.rs', '// made for the newer package\n')
    unsynced = workspace.commit('the source follows')
  })

  it('is kept off main: nx sync:check is red there', () => {
    const check = workspace.nx(['sync:check'])
    expect(check.status).toBe(1)
    expect(check.output).toContain('hex 0.4.3 → 0.4.4')
  })

  it('is invisible to a plain comparison, and runs everything with the base of Interlock', async () => {
    workspace.git('checkout', '-q', '-b', 'revert')
    workspace.write('Cargo.lock', lockText(LOCK_A))
    workspace.commit('take the bump back')
    expect(workspace.affected(unsynced)).toEqual([])
    expect(await run('base', {})).toMatchObject({
      data: { kind: 'everything', cause: 'stale-at-base' },
      prose: expect.stringContaining('crates/lone'),
    })
    expect(tasksOf(await run('affected', { targets: ['test'] }))).toEqual(EVERYTHING)
    expect(tasksOf(await run('affected', { targets: ['test'], base: unsynced }))).toEqual(EVERYTHING)
  })
})

describe('promise-2: a base that cannot be compared with', () => {
  it('because no branch or commit has that name is an error, never nothing', async () => {
    await expect(run('affected', { targets: ['test'], base: 'nosuch' })).rejects.toMatchObject({ code: 'BASE_UNREACHABLE' })
    await expect(run('affected', { targets: ['test'], base: '0'.repeat(40) })).rejects.toMatchObject({ code: 'BASE_UNREACHABLE' })
  })

  it('because its history is another one means everything', async () => {
    workspace.git('checkout', '-q', '--orphan', 'island')
    workspace.commit('an island')
    expect(await run('base', {})).toMatchObject({ data: { kind: 'everything', cause: 'unrelated' } })
    expect(tasksOf(await run('affected', { targets: ['test'], base: 'main' }))).toEqual(EVERYTHING)
  })
})

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
    expect(await run('base', { base: unsynced }, beside.root)).toMatchObject({
      data: { kind: 'everything', cause: 'stale-at-base', reason: expect.stringContaining('crates/*') },
    })
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
