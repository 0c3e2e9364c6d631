import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { NxWorkspace } from './testing/nx-workspace.ts'
import { createVerbWorkspace } from './testing/verb-workspace.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let workspace: NxWorkspace
let base: string
let change: string

beforeAll(() => {
  workspace = createVerbWorkspace()
  workspace.nx(['sync'])
  base = workspace.commit('synced')
  workspace.write('crates/low/src/lib.rs', '// changed\n')
  workspace.write('notes/a.txt', 'changed')
  change = workspace.commit('change')
})
afterAll(() => workspace.dispose())

function why(project: string, event: object): { status: number | null; output: string } {
  writeFileSync(join(workspace.root, '.nx', 'event.json'), JSON.stringify(event))
  return workspace.interlock(['why', project, '--event', '.nx/event.json'], { GITHUB_TOKEN: '' })
}

const pullRequest = (): object => ({
  pull_request: { number: 7, base: { sha: base, ref: 'main' }, head: { sha: change } },
  repository: { default_branch: 'main' },
})

describe('why, for a run of CI,', () => {
  it('says the base and what made a project run', () => {
    const { status, output } = why('high:test', pullRequest())
    expect(status).toBe(0)
    expect(output).toContain(`since ${base.slice(0, 12)} (the base of pull request #7):\nhigh:test is affected:\n`)
    expect(output).toMatch(/crates\/low\/src\/lib\.rs → .* → high → low/u)
  })

  it('says what each change has to do with a project that does not run', () => {
    const { status, output } = why('lone:test', pullRequest())
    expect(status).toBe(0)
    expect(output).toContain(
      [
        `lone:test is not affected: no input of its test changed since ${base.slice(0, 12)} (the base of pull request #7)`,
        '2 files changed:',
        '  crates/low/src/lib.rs is of low, which lone does not depend on, and is no input of lone:test',
        '  notes/a.txt is of no project, and is no input of lone:test',
      ].join('\n'),
    )
  })

  it('says why everything runs', () => {
    const push = { ref: 'refs/heads/main', before: base, after: change, repository: { full_name: 'octo/repo' } }
    expect(why('lone', push).output).toContain(
      'lone is affected because everything is: it is not known which commit of main was good: there is no GITHUB_TOKEN',
    )
  })
})
