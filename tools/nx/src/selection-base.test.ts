import type { Outcome } from '@interlock/cli'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { verbs } from './cli/index.ts'
import type { NxWorkspace } from './testing/nx-workspace.ts'
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
