import type { Invocation, Outcome } from '@interlock/cli'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { NxWorkspace } from '../testing/nx-workspace.ts'
import { createVerbWorkspace } from '../testing/verb-workspace.ts'
import { verbs } from './index.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let workspace: NxWorkspace
let base: string

beforeAll(() => {
  for (const name of Object.keys(process.env)) if (/^(?:NX|GITHUB|INTERLOCK)_|^CI$/u.test(name)) vi.stubEnv(name, undefined)
  vi.stubEnv('NODE_OPTIONS', '--conditions=@interlock/source')
  vi.stubEnv('NX_DAEMON', 'false')
  vi.stubEnv('NX_ISOLATE_PLUGINS', 'false')
  workspace = createVerbWorkspace()
  workspace.nx(['sync'])
  base = workspace.commit('synced')
  workspace.write('crates/low/src/lib.rs', '// edited\n')
  workspace.commit('low, which high needs, is edited')
})
afterAll(() => {
  vi.unstubAllEnvs()
  workspace.dispose()
})

async function affected(given: Partial<Pick<Invocation, 'env' | 'options' | 'rest'>>): Promise<Outcome> {
  const verb = verbs.find(({ name }) => name === 'affected')
  if (verb === undefined) throw new Error('no such verb')
  const options = { targets: ['format'], base, ...given.options }
  return verb.run({ root: workspace.root, env: given.env ?? {}, arguments: [], options, rest: given.rest ?? [], json: true })
}

function projects({ data }: Outcome): string[] {
  return (data as { tasks: { project: string }[] }).tasks.map(({ project }) => project).sort()
}

describe('the projects of one machine', () => {
  it('are those of what is affected that an option names, with what they need', async () => {
    const targets = ['test']
    expect(projects(await affected({ options: { targets, projects: ['high,lone'] } }))).toEqual(['high', 'low'])
    expect(projects(await affected({ options: { targets, all: true, projects: ['lone'] } }))).toEqual(['lone'])
  })

  it('are those that the variable of a plan names', async () => {
    const options = { targets: ['test'] }
    expect(projects(await affected({ options, env: { INTERLOCK_PROJECTS: 'low' } }))).toEqual(['low'])
    const both = { ...options, projects: ['high'] }
    expect(projects(await affected({ options: both, env: { INTERLOCK_PROJECTS: 'low' } }))).toEqual(['high', 'low'])
  })

  it('promise-1: without work are red where a plan gave them, and green where a person did', async () => {
    const options = { targets: ['test'] }
    expect(await affected({ options, env: { INTERLOCK_PROJECTS: 'lone' } })).toMatchObject({
      status: 1,
      prose: expect.stringContaining('INTERLOCK_PROJECTS gives this machine work, and there is none: the run is not green'),
    })
    expect(await affected({ options: { ...options, projects: ['lone'] } })).toMatchObject({
      status: 0,
      prose: expect.stringContaining('no work: --projects lone leaves no affected project with a task for test'),
    })
  })

  it('promise-1: that are not there are an error of its own, whatever is compared', async () => {
    const unknown = { code: 'PROJECT_UNKNOWN', exitStatus: 2, reason: expect.stringContaining('"nosuch"') }
    await expect(affected({ env: { INTERLOCK_PROJECTS: 'low,nosuch' } })).rejects.toMatchObject(unknown)
    await expect(affected({ options: { projects: ['nosuch'], all: true } })).rejects.toMatchObject(unknown)
  })

  it('promise-1: that are not there are named in one message of the command', () => {
    const words = ['affected', '-t', 'test', '--base', base]
    const { status, output } = workspace.interlock(words, { INTERLOCK_PROJECTS: 'nosuch' })
    expect(status).toBe(2)
    expect(output.match(/nosuch/gu)).toHaveLength(1)
    expect(output.match(/^[A-Z_]+: .*/gmu)).toEqual([expect.stringContaining('PROJECT_UNKNOWN: no project is named "nosuch"')])
    const target = workspace.interlock(['affected', '-t', 'nosuch', '--base', base])
    expect(target.status).toBe(2)
    expect(target.output.match(/^[A-Z_]+: .*/gmu)).toEqual([
      'TARGET_UNKNOWN: no project has the target "nosuch", so nothing would run',
    ])
  })

  it.each([[''], [','], ['--skip-nx-cache'], ['!low'], ['*'], ['a b']])('promise-1: cannot be %j', async (text) => {
    await expect(affected({ env: { INTERLOCK_PROJECTS: text } })).rejects.toMatchObject({ code: 'USAGE' })
  })

  it('are named in one place', async () => {
    const twice = affected({ options: { projects: ['low'] }, rest: ['--exclude=low'] })
    await expect(twice).rejects.toThrow('--projects and --exclude=low both choose projects')
    await expect(affected({ rest: ['--projects=low'] })).rejects.toThrow('--projects=low cannot follow "--"')
    await expect(affected({ rest: ['-p', 'low'] })).rejects.toThrow('-p cannot follow "--"')
  })
})
