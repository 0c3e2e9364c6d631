import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Base } from './core/base.ts'
import type { EventClones } from './testing/event-clones.ts'
import type { FakeGitHub } from './testing/fake-github.ts'
import { createPushHistory, missedFiles, type PushHistory } from './testing/push-history.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let history: PushHistory
let github: FakeGitHub
let clones: EventClones
let root: string
let good: string
let red: string
let cancelled: string
let now: string
let push: PushHistory['push']
let baseOf: PushHistory['baseOf']

beforeAll(async () => {
  history = await createPushHistory()
  ;({ github, clones, root, good, red, cancelled, now, push, baseOf } = history)
})
afterAll(() => history.dispose())
beforeEach(() => {
  github.reset()
  // A warning of a test would be one of the run that it is part of.
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
})
afterEach(() => {
  vi.restoreAllMocks()
})

const everything = (cause: string): object => expect.objectContaining({ kind: 'everything', cause })
const commit = (id: string): object => expect.objectContaining({ kind: 'commit', commit: id })

/** The truth is what changed since the commit that was really good last. */
function expectNoFewer(base: Base, lastGood: string, at: string = root): void {
  expect(missedFiles(clones, at, { base, lastGood })).toEqual([])
}

describe('promise-2: the base of a push', () => {
  it('is the newest commit whose gate passed, and not the one before, whose gate was red', async () => {
    github.add(good)
    github.add(red, { gate: 'failure' })
    github.add(cancelled, { gate: 'cancelled' })
    const base = await baseOf(push())
    expect(base).toEqual(commit(good))
    expect(base.reason).toBe('newest commit of main whose gate passed (run 1000)')
    expectNoFewer(base, good)
    expect(github.refused).toEqual([])
  })

  it('is the commit before, where its gate passed', async () => {
    github.add(good)
    github.add(cancelled)
    expect(await baseOf(push())).toEqual(commit(cancelled))
  })

  it('is the newest commit that passed, and not the one whose run is the newest', async () => {
    github.add(cancelled)
    github.add(good, { event: 'schedule' })
    expect(await baseOf(push())).toEqual(commit(cancelled))
  })

  it('is never the commit that is judged, even where a schedule has passed there already', async () => {
    github.add(good)
    github.add(now, { event: 'schedule' })
    expect(await baseOf(push())).toEqual(commit(good))
    github.reset()
    github.add(cancelled, { event: 'schedule' })
    expect(await baseOf(push())).toEqual(commit(cancelled))
  })

  it('is one whose gate passed although its run failed elsewhere', async () => {
    github.add(red, { conclusion: 'failure' })
    expect(await baseOf(push())).toEqual(commit(red))
  })

  it.each([
    ['has no job "gate"', { jobs: [{ name: 'build', status: 'completed', conclusion: 'success' }] }],
    ['has a gate that was skipped', { gate: 'skipped', conclusion: 'success' }],
    [
      'has a second gate that failed',
      {
        jobs: [
          { name: 'gate', status: 'completed', conclusion: 'success' },
          { name: 'gate', status: 'completed', conclusion: 'failure' },
        ],
      },
    ],
    ['has a gate that is not done', { jobs: [{ name: 'gate', status: 'in_progress', conclusion: null }] }],
    ['is not done', { status: 'in_progress', conclusion: null }],
    ['belongs to another workflow', { workflow: 'docs.yml' }],
    ['judged a pull request', { event: 'pull_request' }],
    ['is of a branch of a fork that is named main', { from: 'fork/repo' }],
    ['is of another branch', { branch: 'other' }],
  ] as const)('is not the commit of a run that %s', async (_, run) => {
    github.add(good)
    github.add(cancelled, run)
    const base = await baseOf(push())
    expect(base).toEqual(commit(good))
    expectNoFewer(base, good)
  })

  it('is found on the second page, and behind jobs on the second page', async () => {
    const many = Array.from(
      { length: 120 },
      (_, index) => ({ name: `tests ${index}`, status: 'completed', conclusion: 'success' }) as const,
    )
    github.add(good, { jobs: [...many, { name: 'gate', status: 'completed', conclusion: 'success' }] })
    for (let each = 0; each < 130; each += 1) github.add('c'.repeat(40))
    expect(await baseOf(push())).toEqual(commit(good))
    expect(github.asked.filter((address) => /page=2(?:&|$)/u.test(address))).toHaveLength(2)
    expect(github.refused).toEqual([])
  })

  it('is found more than a hundred commits ago', async () => {
    const at = clones.clone('old')
    for (let each = 0; each < 130; each += 1) clones.git(at, 'commit', '-q', '--allow-empty', '-m', `step ${each}`)
    github.add(good)
    const base = await baseOf(push({ after: clones.git(at, 'rev-parse', 'HEAD') }), at)
    expect(base).toEqual(commit(good))
    expectNoFewer(base, good, at)
  })

  it('is everything where no run passed, and where there was none', async () => {
    expect(await baseOf(push())).toEqual(everything('no-green-commit'))
    github.add(red, { gate: 'failure' })
    const base = await baseOf(push())
    expect(base).toMatchObject({
      cause: 'no-green-commit',
      reason: 'no run of this workflow passed the gate for an earlier commit of main (1 asked)',
    })
  })

  it('is everything after fifty red gates, or a thousand runs of commits that are not here', async () => {
    for (let each = 0; each < 60; each += 1) github.add(red, { gate: 'failure' })
    expect((await baseOf(push())).reason).toContain('no recent run of this workflow passed the gate')
    expect(github.asked).toHaveLength(51)
    github.reset()
    github.add(good)
    for (let each = 0; each < 1_000; each += 1) github.add('c'.repeat(40))
    expect(await baseOf(push())).toEqual(everything('no-green-commit'))
    expect(github.asked).toHaveLength(10)
  })

  it('is a commit that a forced push left in place, not one that it took away', async () => {
    const at = clones.clone('forced')
    clones.git(at, 'reset', '-q', '--hard', good)
    writeFileSync(join(at, 'd.txt'), 'instead')
    clones.git(at, 'add', '.')
    clones.git(at, 'commit', '-q', '-m', 'instead')
    github.add(good)
    github.add(cancelled)
    github.add(now)
    const event = push({ before: now, after: clones.git(at, 'rev-parse', 'HEAD'), forced: true })
    const base = await baseOf(event, at)
    expect(base).toEqual(commit(good))
    expectNoFewer(base, good, at)
  })

  it('is no commit of a branch that was merged, only of main itself', async () => {
    const at = clones.clone('merged')
    clones.git(at, 'checkout', '-q', '-b', 'side', good)
    clones.git(at, 'commit', '-q', '--allow-empty', '-m', 'side')
    const side = clones.git(at, 'rev-parse', 'HEAD')
    clones.git(at, 'checkout', '-q', 'main')
    clones.git(at, 'merge', '-q', '--no-ff', '-m', 'merge', 'side')
    github.add(good)
    github.add(side)
    expect(await baseOf(push({ after: clones.git(at, 'rev-parse', 'HEAD') }), at)).toEqual(commit(good))
  })

  it('is everything where the histories are unrelated', async () => {
    const at = clones.clone('island')
    clones.git(at, 'checkout', '-q', '--orphan', 'island')
    clones.git(at, 'commit', '-q', '-m', 'island')
    github.add(good)
    expect(await baseOf(push({ after: clones.git(at, 'rev-parse', 'HEAD') }), at)).toEqual(everything('no-green-commit'))
  })

  it.each([
    ['main', []],
    ['a detached commit', ['detach']],
  ])('is fetched into a clone of depth 1 of %s', async (_, [detach]) => {
    const at = clones.clone(`shallow-${detach ?? 'main'}`, '--depth=1')
    if (detach !== undefined) clones.git(at, 'checkout', '-q', '--detach')
    expect(clones.git(at, 'rev-list', '--count', 'HEAD')).toBe('1')
    github.add(good)
    github.add(cancelled, { gate: 'failure' })
    const base = await baseOf(push(), at)
    expect(base).toEqual(commit(good))
    expectNoFewer(base, good, at)
  })

  it('is everything in a clone of depth 1 whose remote is gone, and needs no remote in a whole one', async () => {
    github.add(good)
    const shallow = clones.clone('shallow-offline', '--depth=1')
    clones.git(shallow, 'remote', 'remove', 'origin')
    expect(await baseOf(push(), shallow)).toEqual(everything('no-green-commit'))
    const whole = clones.clone('whole-offline')
    clones.git(whole, 'remote', 'remove', 'origin')
    clones.git(whole, 'checkout', '-q', '--detach')
    expect(await baseOf(push(), whole)).toEqual(commit(good))
  })

  it('is everything without git, and where something else is checked out', async () => {
    github.add(good)
    const at = clones.clone('without-git')
    clones.git(at, 'checkout', '-q', '--detach', red)
    expect(await baseOf(push(), at)).toEqual(everything('not-checked-out'))
    rmSync(join(at, '.git'), { recursive: true })
    expect(await baseOf(push(), at)).toEqual(everything('no-repository'))
    expect(github.asked).toEqual([])
  })

  it('is everything where the workflow or an action of the repository has changed since', async () => {
    github.add(good)
    for (const file of ['.github/workflows/ci.yml', '.github/actions/setup/action.yml']) {
      const at = clones.clone(`workflow-${file.length}`)
      clones.git(at, 'rm', '-q', '--cached', '--ignore-unmatch', file)
      clones.git(at, 'update-index', '--add', '--cacheinfo', `100644,${clones.git(at, 'rev-parse', 'HEAD:a.txt')},${file}`)
      clones.git(at, 'commit', '-q', '-m', 'other targets')
      clones.git(at, 'checkout', '-q', '.')
      const base = await baseOf(push({ after: clones.git(at, 'rev-parse', 'HEAD') }), at)
      expect(base).toEqual(everything('workflow-changed'))
      expect(base.reason).toContain(`${file} is not the same as at the base`)
    }
  })
})
