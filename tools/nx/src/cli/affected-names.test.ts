import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { createNxWorkspace, type NxWorkspace } from '../testing/nx-workspace.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let workspace: NxWorkspace
let base: string

function project(name: string): Record<string, string> {
  const targets = { test: { executor: 'nx:run-commands', options: { command: 'echo 1 passed in 0.01s' } } }
  return { [`libs/${name.replace(/\W/gu, '-')}/project.json`]: JSON.stringify({ name, targets }) }
}

beforeAll(() => {
  workspace = createNxWorkspace({
    'package.json': '{"name": "w", "private": true}',
    ...project('@scope/one'),
    ...project('@scope/two'),
    ...project('three'),
  })
  workspace.nx(['sync'])
  base = workspace.commit('base')
  for (const folder of ['-scope-one', '-scope-two', 'three']) workspace.write(`libs/${folder}/a.txt`, 'changed')
  workspace.commit('all are changed')
})
afterAll(() => workspace.dispose())

it('promise-1: a project with a slash in its name is chosen as any other, and no other with it', () => {
  const words = ['affected', '-t', 'test', '--json']
  for (const more of [['--base', base], ['--all']]) {
    const { status, output } = workspace.interlock([...words, ...more], { INTERLOCK_PROJECTS: '@scope/one' })
    expect(status).toBe(0)
    expect(output.match(/"project": ".*"/gu)).toEqual(['"project": "@scope/one"'])
  }
})
