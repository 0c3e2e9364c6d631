import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Outcome } from '@interlock/cli'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { verbs } from './cli/index.ts'
import type { NxWorkspace } from './testing/nx-workspace.ts'
import { createVerbWorkspace } from './testing/verb-workspace.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

/** More than the first step of deepening fetches. */
const COMMITS_SINCE = 70

let remote: NxWorkspace
let folder: string
/** Where the pull request began, and where main was when its event was sent. */
let fork: string
let main: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'interlock-event-'))
  remote = createVerbWorkspace()
  fork = remote.commit('main')
  remote.git('checkout', '-q', '-b', 'change')
  for (let each = 0; each < COMMITS_SINCE; each += 1) remote.git('commit', '-q', '--allow-empty', '-m', `step ${each}`)
  remote.write('crates/low/src/lib.rs', '// changed\n')
  remote.commit('change low')
  remote.git('checkout', '-q', 'main')
  remote.write('crates/lone/src/lib.rs', '// main went on\n')
  main = remote.commit('main went on')
  remote.git('checkout', '-q', '-b', 'merged')
  remote.git('merge', '-q', '--no-ff', '-m', 'merge for CI', 'change')
  remote.git('checkout', '-q', 'main')
})
afterAll(() => {
  remote.dispose()
  rmSync(folder, { recursive: true, force: true })
})

function clone(name: string, ...flags: readonly string[]): string {
  const path = join(folder, name)
  execFileSync('git', ['clone', '--quiet', ...flags, pathToFileURL(remote.root).href, path])
  return path
}

function payload(name: string, content: unknown): string {
  const path = join(folder, `${name}.json`)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

function pullRequest(sha: string, more: object = {}): object {
  return { pull_request: { number: 7, base: { sha }, ...more } }
}

async function base(root: string, options: object = {}, env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  const verb = verbs.find(({ name }) => name === 'base')
  if (verb === undefined) throw new Error('there is no verb base')
  return verb.run({ root, env, arguments: [], options: { ...options }, rest: [], json: true })
}

describe('promise-2: the base of a pull request', () => {
  it('is its base commit, where the merge of both is checked out', async () => {
    const root = clone('merge', '--branch=merged')
    expect((await base(root, { event: payload('merge', pullRequest(main)) })).data).toMatchObject({
      kind: 'commit',
      commit: main,
    })
  })

  it('is the commit where it began, where its own commit is checked out', async () => {
    const root = clone('head', '--branch=change')
    expect((await base(root, { event: payload('head', pullRequest(main)) })).data).toMatchObject({ kind: 'commit', commit: fork })
  })

  it.each([
    ['a branch', []],
    ['a detached commit', ['detach']],
  ])('is fetched into a clone of depth 1 with %s, as deep as it takes', async (_, [detach]) => {
    const root = clone(`shallow-${detach ?? 'branch'}`, '--depth=1', '--branch=change')
    const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim()
    if (detach !== undefined) git('checkout', '-q', '--detach')
    expect(git('rev-list', '--count', 'HEAD')).toBe('1')

    const { data } = await base(root, { event: payload('shallow', pullRequest(main)) })

    expect(data).toMatchObject({ kind: 'commit', commit: fork })
    expect(git('diff', '--name-only', `${fork}...HEAD`)).toBe('crates/low/src/lib.rs')
  })

  it('is everything in a shallow clone whose remote is gone', async () => {
    const root = clone('offline', '--depth=1', '--branch=change')
    execFileSync('git', ['remote', 'set-url', 'origin', join(folder, 'nowhere')], { cwd: root })
    expect((await base(root, { event: payload('offline', pullRequest(main)) })).data).toMatchObject({
      kind: 'everything',
      cause: 'unreachable',
    })
  })

  it('is everything in a clone without a remote', async () => {
    const root = clone('no-origin', '--branch=change')
    execFileSync('git', ['remote', 'remove', 'origin'], { cwd: root })
    expect((await base(root, { event: payload('no-origin', pullRequest('e'.repeat(40))) })).data).toMatchObject({
      kind: 'everything',
      cause: 'unreachable',
    })
  })

  it('is everything after a forced push took its base away', async () => {
    const root = clone('forced', '--branch=change')
    expect((await base(root, { event: payload('forced', pullRequest('d'.repeat(40))) })).data).toMatchObject({
      kind: 'everything',
      cause: 'unreachable',
    })
  })

  it('is everything where the base itself is checked out, with and without uncommitted files', async () => {
    const root = clone('base', '--branch=main')
    const event = payload('base', pullRequest(main))
    expect((await base(root, { event })).data).toMatchObject({ kind: 'everything', cause: 'nothing-since' })
    writeFileSync(join(root, 'left-over.txt'), 'x')
    expect((await base(root, { event })).data).toMatchObject({ kind: 'everything', cause: 'nothing-since' })
  })

  it('is everything where the histories are unrelated', async () => {
    const root = clone('unrelated', '--branch=change')
    const git = (...args: string[]): void =>
      void execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t.invalid', ...args], { cwd: root })
    git('checkout', '-q', '--orphan', 'island')
    git('commit', '-q', '-m', 'island')
    expect((await base(root, { event: payload('unrelated', pullRequest(main)) })).data).toMatchObject({
      kind: 'everything',
      cause: 'unrelated',
    })
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
    expect((await base(root, {}, actions(event))).data).toMatchObject({ kind: 'commit', commit: fork })
    expect((await base(root, {}, { ...actions(event), GITHUB_ACTIONS: 'false' })).data).toMatchObject({
      reason: expect.stringContaining('merge base with'),
    })
    expect((await base(root, { base: 'HEAD~1' }, actions(payload('cron', {}), 'schedule'))).data).toMatchObject({
      kind: 'commit',
    })
    expect((await base(root, {}, { ...actions(payload('cron', {}), 'schedule'), NX_BASE: 'HEAD~1' })).data).toMatchObject({
      kind: 'commit',
    })
  })

  it('of the merge queue is compared with what the queue builds on', async () => {
    const event = payload('queue', { merge_group: { base_sha: fork } })
    expect((await base(root, {}, actions(event, 'merge_group'))).data).toMatchObject({ kind: 'commit', commit: fork })
  })

  it.each(['push', 'schedule', 'workflow_dispatch', 'release', 'pull_request_target'])('%s runs everything', async (name) => {
    const event = payload(name, pullRequest(main))
    expect((await base(root, {}, actions(event, name))).data).toMatchObject({ kind: 'everything', cause: 'event' })
  })

  it.each([
    ['is missing', 'nowhere.json', undefined],
    ['is empty', 'empty.json', ''],
    ['is broken', 'broken.json', '{"pull_request": '],
    ['lacks fields', 'lacking.json', '{"pull_request": {"number": 7}}'],
  ])('runs everything where its payload %s', async (_, file, text) => {
    if (text !== undefined) writeFileSync(join(folder, file), text)
    const { data } = await base(root, {}, actions(join(folder, file)))
    expect(data).toMatchObject({ kind: 'everything', cause: 'event' })
  })

  it('may have a payload of 5 MB and names that a shell would obey', async () => {
    const event = payload('huge', pullRequest(main, { head: { ref: 'a"; rm -rf ~; $(id)' }, body: 'x'.repeat(5_000_000) }))
    expect((await base(root, {}, actions(event))).data).toMatchObject({ kind: 'commit', commit: fork })
  })

  it('that a person names wrongly is an error with the file', async () => {
    await expect(base(root, { event: join(folder, 'nosuch.json') })).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
    await expect(base(root, { event: payload('text', 'no json') })).rejects.toThrow(/text\.json.*is not JSON/u)
  })
})
