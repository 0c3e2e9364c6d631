import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { remoteGit } from './io/git.ts'
import { createEventClones, type EventClones } from './testing/event-clones.ts'
import type { NxWorkspace } from './testing/nx-workspace.ts'
import { createVerbWorkspace } from './testing/verb-workspace.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

/** More than the first fetch adds. */
const COMMITS_SINCE = 70

let remote: NxWorkspace
let clones: EventClones
let folder: EventClones['folder']
let gitIn: EventClones['git']
let clone: EventClones['clone']
let payload: EventClones['payload']
let base: EventClones['base']
let answer: EventClones['answer']
/** Where the pull request began, its newest commit, and where main was when its event was sent. */
let fork: string
let change: string
let main: string

beforeAll(() => {
  remote = createVerbWorkspace()
  clones = createEventClones(remote.root)
  ;({ folder, git: gitIn, clone, payload, base, answer } = clones)
  fork = remote.commit('main')
  remote.git('checkout', '-q', '-b', 'change')
  for (let each = 0; each < COMMITS_SINCE; each += 1) remote.git('commit', '-q', '--allow-empty', '-m', `step ${each}`)
  remote.write('crates/low/src/lib.rs', '// changed\n')
  change = remote.commit('change low')
  remote.git('checkout', '-q', 'main')
  remote.write('crates/lone/src/lib.rs', '// main went on\n')
  main = remote.commit('main went on')
  remote.git('checkout', '-q', '-b', 'merged')
  remote.git('merge', '-q', '--no-ff', '-m', 'merge for CI', 'change')
  remote.git('checkout', '-q', 'main')
})
afterAll(() => {
  remote.dispose()
  clones.dispose()
})
beforeEach(() => {
  // A warning of a test would be one of the run that it is part of.
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
})
afterEach(() => {
  vi.restoreAllMocks()
})

function pullRequest(base: string, head = change, more: object = {}): object {
  return {
    pull_request: { number: 7, base: { sha: base, ref: 'main' }, head: { sha: head }, ...more },
    repository: { default_branch: 'main' },
  }
}

const everything = (cause: string): object => expect.objectContaining({ kind: 'everything', cause })
const commit = (id: string): object => expect.objectContaining({ kind: 'commit', commit: id })

describe('promise-2: the base of a pull request', () => {
  it('is its base commit, where the merge of both is checked out', async () => {
    expect(await answer(clone('merge', '--branch=merged'), pullRequest(main))).toEqual(commit(main))
  })

  it('is the commit where it began, where its own commit is checked out', async () => {
    expect(await answer(clone('head', '--branch=change'), pullRequest(main))).toEqual(commit(fork))
  })

  it('is found from the single commit that actions/checkout leaves, detached, without branches', async () => {
    const root = join(folder, 'checkout')
    mkdirSync(root)
    gitIn(root, 'init', '-q')
    gitIn(root, 'remote', 'add', 'origin', pathToFileURL(remote.root).href)
    gitIn(root, 'fetch', '-q', '--no-tags', '--depth=1', 'origin', '+refs/heads/merged:refs/remotes/pull/7/merge')
    gitIn(root, 'checkout', '-q', '--detach', 'refs/remotes/pull/7/merge')
    expect(await answer(root, pullRequest(main))).toEqual(commit(main))
  })

  it.each([
    ['a branch', []],
    ['a detached commit', ['detach']],
  ])('is fetched into a clone of depth 1 with %s, as deep as it takes', async (_, [detach]) => {
    const root = clone(`shallow-${detach ?? 'branch'}`, '--depth=1', '--branch=change')
    if (detach !== undefined) gitIn(root, 'checkout', '-q', '--detach')
    expect(gitIn(root, 'rev-list', '--count', 'HEAD')).toBe('1')

    expect(await answer(root, pullRequest(main))).toEqual(commit(fork))
    expect(gitIn(root, 'diff', '--name-only', `${fork}...HEAD`)).toBe('crates/low/src/lib.rs')
  })

  it('is everything in a shallow clone whose remote is gone, or that has none', async () => {
    const root = clone('offline', '--depth=1', '--branch=change')
    gitIn(root, 'remote', 'set-url', 'origin', join(folder, 'nowhere'))
    expect(await answer(root, pullRequest(main))).toEqual(everything('unreachable'))
    gitIn(root, 'remote', 'remove', 'origin')
    expect(await answer(root, pullRequest(main))).toEqual(everything('unreachable'))
  })

  it('is everything after a forced push took its base away', async () => {
    const gone = remote.git('rev-parse', 'main').trim()
    remote.git('commit', '-q', '--allow-empty', '-m', 'to be forced away')
    const lost = remote.git('rev-parse', 'main').trim()
    remote.git('reset', '-q', '--hard', gone)
    remote.git('reflog', 'expire', '--expire=now', '--all')
    remote.git('gc', '-q', '--prune=now')
    expect(await answer(clone('forced', '--branch=change'), pullRequest(lost))).toEqual(everything('unreachable'))
  })

  it('is everything where something else than the pull request is checked out', async () => {
    const root = clone('other', '--branch=main')
    expect(await answer(root, pullRequest(main))).toEqual(everything('not-checked-out'))
    writeFileSync(join(root, 'left-over.txt'), 'x')
    expect(await answer(root, pullRequest(main))).toEqual(everything('not-checked-out'))
    expect(await answer(root, pullRequest(fork))).toEqual(everything('not-checked-out'))
    expect(await answer(root, pullRequest(main, main))).toEqual(everything('nothing-since'))
  })

  it('is everything where the histories are unrelated', async () => {
    const root = clone('unrelated', '--branch=change')
    gitIn(root, 'checkout', '-q', '--orphan', 'island')
    gitIn(root, 'commit', '-q', '-m', 'island')
    expect(await answer(root, pullRequest(main))).toEqual(everything('unrelated'))
  })

  it('is everything where the ancestor was never a state of main: a merge that main took back', async () => {
    const root = clone('side', '--branch=main')
    gitIn(root, 'checkout', '-q', '-b', 'first', fork)
    gitIn(root, 'commit', '-q', '--allow-empty', '-m', 'may be red')
    const first = gitIn(root, 'rev-parse', 'HEAD')
    gitIn(root, 'checkout', '-q', 'main')
    gitIn(root, 'merge', '-q', '--no-ff', '-m', 'take it', 'first')
    gitIn(root, 'commit', '-q', '--allow-empty', '-m', 'take it back')
    const now = gitIn(root, 'rev-parse', 'HEAD')
    gitIn(root, 'checkout', '-q', '-b', 'second', first)
    gitIn(root, 'commit', '-q', '--allow-empty', '-m', 'on top of it')
    expect(gitIn(root, 'merge-base', now, 'HEAD')).toBe(first)
    expect(await answer(root, pullRequest(now, gitIn(root, 'rev-parse', 'HEAD')))).toEqual(everything('side-branch'))
  })

  it('is everything where two ancestors are equally near', async () => {
    const root = clone('cross', '--branch=main')
    gitIn(root, 'checkout', '-q', '-b', 'crossed', fork)
    gitIn(root, 'commit', '-q', '--allow-empty', '-m', 'one')
    gitIn(root, 'merge', '-q', '--no-ff', '-m', 'take main', main)
    gitIn(root, 'checkout', '-q', '-B', 'main', main)
    gitIn(root, 'merge', '-q', '--no-ff', '-m', 'take the other', 'crossed~1')
    const now = gitIn(root, 'rev-parse', 'HEAD')
    gitIn(root, 'checkout', '-q', 'crossed')
    expect(gitIn(root, 'merge-base', '--all', now, 'HEAD').split('\n')).toHaveLength(2)
    expect(await answer(root, pullRequest(now, gitIn(root, 'rev-parse', 'HEAD')))).toEqual(everything('unrelated'))
  })

  it('is that commit, also where a branch has its id as a name', async () => {
    const root = clone('named', '--branch=merged')
    gitIn(root, 'update-ref', `refs/remotes/origin/${main}`, 'HEAD~1')
    gitIn(root, 'update-ref', `refs/heads/${main}`, 'merged')
    expect(await answer(root, pullRequest(main))).toEqual(commit(main))
  })
})

describe('promise-2: the base of the merge queue', () => {
  it('is the branch, and not the group before, which may be red', async () => {
    const root = clone('queue', '--branch=merged')
    gitIn(root, 'commit', '-q', '--allow-empty', '-m', 'the group behind')
    const group = {
      base_sha: gitIn(root, 'rev-parse', 'HEAD~1'),
      base_ref: 'refs/heads/main',
      head_sha: gitIn(root, 'rev-parse', 'HEAD'),
    }
    expect(await answer(root, { merge_group: group })).toEqual(commit(main))
    expect(await answer(root, { merge_group: { ...group, base_ref: 'refs/heads/nosuch' } })).toEqual(everything('unreachable'))
  })
})

describe('promise-2: the event of GitHub Actions', () => {
  const actions = (file: string, name = 'pull_request'): Record<string, string> => ({
    GITHUB_ACTIONS: 'true',
    GITHUB_EVENT_NAME: name,
    GITHUB_EVENT_PATH: file,
  })
  let root: string

  beforeAll(() => {
    root = clone('actions', '--branch=change')
  })

  it('is taken from the environment, and gives way to what is asked for', async () => {
    const event = payload('actions', pullRequest(main))
    const cron = actions(payload('cron', {}), 'schedule')
    expect((await base(root, {}, actions(event))).data).toEqual(commit(fork))
    expect((await base(root, {}, cron)).data).toEqual(everything('event'))
    expect((await base(root, {}, { ...cron, GITHUB_ACTIONS: 'false' })).data).toMatchObject({
      reason: 'merge base with origin/main',
    })
    expect((await base(root, { base: 'HEAD~1' }, cron)).data).toMatchObject({ kind: 'commit' })
    expect((await base(root, {}, { ...cron, NX_BASE: 'HEAD~1' })).data).toMatchObject({ kind: 'commit' })
    expect((await base(root, { head: 'HEAD~1' }, cron)).data).toMatchObject({ head: gitIn(root, 'rev-parse', 'HEAD~1') })
  })

  it.each([
    [{ base: 'HEAD~1' }, {}, '--base'],
    [{ head: 'HEAD' }, {}, '--head'],
    [{}, { NX_HEAD: 'HEAD' }, 'NX_HEAD'],
  ])('given by --event beside %j and %j is an error: both say what to compare', async (options, env, name) => {
    await expect(base(root, { ...options, event: payload('both', pullRequest(main)) }, env)).rejects.toThrow(
      `--event and ${name}`,
    )
  })

  it.each(['schedule', 'workflow_dispatch', 'release', 'pull_request_target'])('%s runs everything', async (name) => {
    const event = payload(name, pullRequest(main))
    expect((await base(root, {}, actions(event, name))).data).toEqual(everything('event'))
    expect((await base(root, { event }, actions(event, name))).data).toEqual(everything('event'))
  })

  it.each([
    ['is missing', 'nowhere.json', undefined, 'cannot be read (ENOENT)'],
    ['is empty', 'empty.json', '', 'is not JSON'],
    ['is broken', 'broken: name.json', '{"pull_request": ', 'is not JSON'],
    ['lacks fields', 'lacking.json', '{"pull_request": {"number": 7}}', 'no usable pull_request.base'],
  ])('runs everything where its payload %s', async (_, file, text, reason) => {
    if (text !== undefined) writeFileSync(join(folder, file), text)
    const outcome = await base(root, {}, actions(join(folder, file)))
    expect(outcome.data).toEqual(everything('payload'))
    expect(outcome.prose.split('\n')).toEqual(['everything', expect.stringContaining(reason)])
  })

  it('may have a payload of 5 MB', async () => {
    const event = payload('huge', pullRequest(main, change, { body: 'x'.repeat(5_000_000) }))
    expect((await base(root, {}, actions(event))).data).toEqual(commit(fork))
  })

  it('that a person names wrongly is an error with the file', async () => {
    await expect(base(root, { event: join(folder, 'nosuch.json') })).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
    await expect(base(root, { event: payload('text', 'no json') })).rejects.toThrow(/text\.json.*is not JSON/u)
  })
})

it('promise-6: a remote that takes the call and never answers is given up', async () => {
  const root = clone('silent')
  const server = createServer((socket) => socket.on('error', () => undefined))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { readonly port: number }
  gitIn(root, 'remote', 'set-url', 'origin', `git://127.0.0.1:${port}/silent`)
  try {
    expect(await remoteGit(root, ['fetch', 'origin'], 1_000)).toMatchObject({ status: 124 })
  } finally {
    server.close()
  }
})

describe('promise-2: the plan of a run', () => {
  const plan = (given: object): Record<string, string> => ({
    INTERLOCK_PLAN: JSON.stringify({ '@commit': change, '@base': fork, '@reason': 'planned', ...given }),
  })
  let root: string

  beforeAll(() => {
    root = clone('planned', '--branch=change')
  })

  it('is the base on every machine of the run, whatever the event says there', async () => {
    const env = { ...plan({}), GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'push', GITHUB_EVENT_PATH: payload('push', {}) }
    expect((await base(root, {}, env)).data).toEqual(commit(fork))
    expect((await base(root, {}, plan({ '@base': 'everything' }))).data).toEqual(everything('planned'))
  })

  it('is everything where its base is not in the clone of the machine', async () => {
    expect((await base(root, {}, plan({ '@base': 'e'.repeat(40) }))).data).toEqual(everything('unreachable'))
  })

  it('is refused at another commit, and beside another word on what to compare', async () => {
    await expect(base(root, {}, plan({ '@commit': main }))).rejects.toMatchObject({ code: 'PLAN_OF_OTHER_COMMIT' })
    await expect(base(root, { base: 'HEAD~1' }, plan({}))).rejects.toThrow('INTERLOCK_PLAN and --base both say what to compare')
    await expect(base(root, {}, { ...plan({}), NX_BASE: 'HEAD~1' })).rejects.toThrow('INTERLOCK_PLAN and NX_BASE both say')
    const event = payload('beside', pullRequest(main))
    await expect(base(root, { event }, plan({}))).rejects.toThrow('INTERLOCK_PLAN and --event both say')
  })
})
