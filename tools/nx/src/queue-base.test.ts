import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Base } from './core/base.ts'
import { createEventClones, type EventClones } from './testing/event-clones.ts'
import { createNxWorkspace, type NxWorkspace } from './testing/nx-workspace.ts'
import { missedFiles } from './testing/push-history.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let remote: NxWorkspace
let clones: EventClones
/** The tip of main: a group that has passed the queue. */
let main: string

beforeAll(() => {
  remote = createNxWorkspace({ 'main.txt': '' })
  main = remote.commit('main')
  for (const change of ['first', 'second']) {
    remote.git('checkout', '-q', '-b', change, main)
    for (const step of ['a', 'b']) {
      remote.write(`${change}-${step}.txt`, 'changed')
      remote.commit(`${change} ${step}`)
    }
  }
  remote.git('checkout', '-q', 'main')
  clones = createEventClones(remote.root)
})
afterAll(() => {
  remote.dispose()
  clones.dispose()
})

/** How a queue puts a pull request on top of a commit: one commit with two parents, one with one, or the commits anew. */
const METHODS = {
  MERGE: (at: string, change: string): unknown =>
    clones.git(at, 'merge', '-q', '--no-ff', '-m', `merge ${change}`, `origin/${change}`),
  SQUASH: (at: string, change: string): unknown => [
    clones.git(at, 'merge', '-q', '--squash', `origin/${change}`),
    clones.git(at, 'commit', '-q', '-m', `squash ${change}`),
  ],
  REBASE: (at: string, change: string): unknown => clones.git(at, 'cherry-pick', `origin/main..origin/${change}`),
} as const

/** A clone in which a group lies on another one, and the payload of each. */
function queue(method: keyof typeof METHODS): { at: string; groups: { base_sha: string; head_sha: string }[] } {
  const at = clones.clone(`queue-${method}`, '--branch=main')
  const groups = ['first', 'second'].map((change) => {
    const base_sha = clones.git(at, 'rev-parse', 'HEAD')
    METHODS[method](at, change)
    return { base_sha, head_sha: clones.git(at, 'rev-parse', 'HEAD') }
  })
  return { at, groups }
}

async function baseOf(at: string, group: object): Promise<Base> {
  return (await clones.answer(at, { merge_group: { base_ref: 'refs/heads/main', ...group } })) as Base
}

describe.each(['MERGE', 'SQUASH', 'REBASE'] as const)('promise-2: the base of a group of a queue that does %s', (method) => {
  it('is its base, where that is a state of main, and main where it is a group that nobody knows yet', async () => {
    const { at, groups } = queue(method)
    const [first, second] = groups
    clones.git(at, 'checkout', '-q', '--detach', first?.head_sha ?? '')
    const alone = await baseOf(at, first ?? {})
    expect(alone).toEqual({ kind: 'commit', commit: main, head: undefined, reason: 'the base of the merge queue' })
    expect(first?.base_sha).toBe(main)
    expect(missedFiles(clones, at, { base: alone, lastGood: main })).toEqual([])

    clones.git(at, 'checkout', '-q', '--detach', second?.head_sha ?? '')
    const behind = await baseOf(at, second ?? {})
    expect(behind).toMatchObject({ kind: 'commit', commit: main })
    expect(second?.base_sha).toBe(first?.head_sha)
    expect(missedFiles(clones, at, { base: behind, lastGood: main })).toEqual([])
  })

  it('is the group before, once that has become main', async () => {
    const at = clones.clone(`moved-${method}`, '--branch=main')
    METHODS[method](at, 'first')
    const tip = clones.git(at, 'rev-parse', 'HEAD')
    METHODS[method](at, 'second')
    const head_sha = clones.git(at, 'rev-parse', 'HEAD')
    remote.git('fetch', '-q', at, `+${tip}:refs/heads/queued`)
    remote.git('update-ref', 'refs/heads/main', tip)
    try {
      expect(await baseOf(at, { base_sha: tip, head_sha })).toMatchObject({ commit: tip, reason: 'the base of the merge queue' })
    } finally {
      remote.git('update-ref', 'refs/heads/main', main)
    }
  })
})
