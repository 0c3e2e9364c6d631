import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { Base } from './core/base.ts'
import { createEventClones, type EventClones } from './testing/event-clones.ts'
import { type FakeGitHub, startFakeGitHub } from './testing/fake-github.ts'
import type { NxWorkspace } from './testing/nx-workspace.ts'
import { createVerbWorkspace } from './testing/verb-workspace.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

let workspace: NxWorkspace
let clones: EventClones
let github: FakeGitHub
let good: string
let before: string
let now: string

beforeAll(async () => {
  github = await startFakeGitHub()
  workspace = createVerbWorkspace()
  clones = createEventClones(workspace.root)
  workspace.nx(['sync'])
  good = workspace.commit('good')
  workspace.write('crates/low/src/lib.rs', '// broken\n')
  before = workspace.commit('its gate was red')
  workspace.write('crates/lone/src/lib.rs', '// changed\n')
  now = workspace.commit('the push')
})
afterAll(async () => {
  await github.close()
  clones.dispose()
  workspace.dispose()
})

it('promise-1: a push runs the tasks of every change since the commit that was good, where "before" would miss some', async () => {
  github.add(good)
  github.add(before, { gate: 'failure' })
  const push = { ref: 'refs/heads/main', before, after: now, repository: { full_name: 'octo/repo' } }
  const base = (await clones.answer(workspace.root, push, github.env)) as Base
  const selected = workspace.affected(base.kind === 'commit' ? base.commit : '')
  const truth = ['high', 'lone', 'low']
  expect(selected).toEqual(truth)
  expect(workspace.affected(before)).toEqual(['lone'])
})
