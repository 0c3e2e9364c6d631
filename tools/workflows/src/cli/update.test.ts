import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DEPENDABOT, dependabotCommit, type FakeGitHub, type FakeState } from '../testing/fake-github.ts'
import { CAPTURED, HEAD, outputsWith } from '../testing/update.ts'
import { needs, payload, startUpdateVerb, type UpdateVerb } from '../testing/update-verb.ts'

let verb: UpdateVerb
let github: FakeGitHub
let update: UpdateVerb['update']
beforeEach(async () => {
  verb = await startUpdateVerb()
  ;({ github, update } = verb)
})
afterEach(() => verb.close())

const ENABLED = `enablePullRequestAutoMerge ${JSON.stringify({ pullRequestId: 'PR_node7', expectedHeadOid: HEAD, mergeMethod: 'SQUASH' })}`
const ASKED = 'POST /repos/octo/repo/pulls/7/requested_reviewers {"reviewers":["octocat"],"team_reviewers":["core"]}'
const labelled = (label: string): string => `POST /repos/octo/repo/issues/7/labels {"labels":["${label}"]}`

describe('a patch update of Dependabot', () => {
  it('merges by itself, for the commit that was looked at, once the gate is green', async () => {
    expect(await update()).toMatchObject({
      status: 0,
      prose: [
        'pull request 7: merges by itself once the gate is green',
        '  "serde", "tokio" move by a patch version, and 3 tests run for it',
        `auto-merge is turned on (squash), at the commit ${HEAD.slice(0, 12)}`,
      ].join('\n'),
      data: { kind: 'merge', dryRun: false },
    })
    expect(github.changes).toEqual([ENABLED])
  })

  it('changes nothing the second time', async () => {
    await update()
    expect((await update()).prose).toMatch(/\nnothing has to change$/u)
    expect(github.changes).toEqual([ENABLED])
  })

  it('changes nothing for --dry-run, which prints the calls and needs no token', async () => {
    const outcome = await update({ options: { dryRun: true }, env: { GITHUB_TOKEN: '' } })
    expect(outcome.prose).toContain(
      `    POST /graphql enablePullRequestAutoMerge {"pullRequestId":"PR_node7","expectedHeadOid":"${HEAD}","mergeMethod":"SQUASH"}`,
    )
    expect(github.changes).toEqual([])
  })

  it('takes the way to merge that is asked for, or one that the repository allows', async () => {
    github.state.settings['allow_squash_merge'] = false
    await update()
    expect(github.state.pull.auto_merge?.merge_method).toBe('merge')
    github.state.pull.auto_merge = null
    await expect(update({ options: { method: 'rebase' } })).rejects.toThrow('CONFIG_INVALID: the repository allows merge')
    await expect(update({ options: { method: 'octopus' } })).rejects.toThrow('USAGE: --method is one of squash, merge, rebase')
  })

  it('takes the label of an earlier decision away', async () => {
    github.state.pull.labels.push({ name: 'dependencies: minor' }, { name: 'own' })
    await update()
    expect(github.state.pull.labels.map(({ name }) => name)).toEqual(['dependencies', 'own'])
  })

  it('is merged where GitHub waits for nothing any more, if the gate of that commit passed', async () => {
    github.state.isReady = true
    github.state.checkRuns = [{ name: 'gate', conclusion: 'success', app: { slug: 'github-actions' } }]
    expect((await update()).prose).toContain('it is merged (squash): the gate of aaaaaaaaaaaa had passed already')
    expect(github.changes).toEqual([`PUT /repos/octo/repo/pulls/7/merge {"sha":"${HEAD}","merge_method":"squash"}`])
    expect((await update()).data).toMatchObject({ kind: 'outdated' })
  })

  it('goes into the merge queue instead, where the branch has one', async () => {
    github.state.isReady = true
    github.state.rules.push({ type: 'merge_queue' })
    github.state.checkRuns = [{ name: 'gate', conclusion: 'success', app: { slug: 'github-actions' } }]
    expect((await update()).prose).toContain('it is in the merge queue: the gate of aaaaaaaaaaaa had passed already')
    expect(github.changes).toEqual([`enqueuePullRequest {"pullRequestId":"PR_node7","expectedHeadOid":"${HEAD}"}`])
  })

  it.each([
    ['nobody ran it', []],
    ['it failed', [{ name: 'gate', conclusion: 'failure', app: { slug: 'github-actions' } }]],
    ['it still runs', [{ name: 'gate', conclusion: null, app: { slug: 'github-actions' } }]],
    [
      'one of two failed',
      ['success', 'failure'].map((conclusion) => ({ name: 'gate', conclusion, app: { slug: 'github-actions' } })),
    ],
    ['another app says so', [{ name: 'gate', conclusion: 'success', app: { slug: 'stranger' } }]],
  ])('promise-1: is not merged at once where the gate did not pass: %s', async (_, checkRuns) => {
    github.state.isReady = true
    github.state.checkRuns = checkRuns
    await expect(update()).rejects.toThrow('GITHUB_REFUSED: GitHub would merge at once, and the check "gate" has not passed')
    expect(github.changes).toEqual([])
  })
})

describe('promise-1: an update that a person has to look at', () => {
  it.each<[string, string, (state: FakeState) => void, string]>([
    ['minor', 'dependencies: minor', () => undefined, outputsWith({ updateType: 'version-update:semver-minor' })],
    ['major', 'dependencies: major', () => undefined, outputsWith({}, { updateType: 'version-update:semver-major' })],
    ['unknown type', 'dependencies: unknown', () => undefined, outputsWith({ updateType: 'version-update:semver-nano' })],
    ['no metadata', 'dependencies: unknown', () => undefined, ''],
    ['draft', 'dependencies: review', (state) => (state.pull.draft = true), CAPTURED],
    ['advisory', 'security', () => undefined, outputsWith({ ghsaId: 'GHSA-aaaa-bbbb-cccc' })],
    ['security label', 'security', (state) => state.pull.labels.push({ name: 'Security fix' }), CAPTURED],
    ['human commit on top', 'dependencies: review', humanOnTop, CAPTURED],
    [
      'workflow',
      'dependencies: review',
      (state) => state.files.push({ filename: '.github/workflows/ci.yml', status: 'modified' }),
      CAPTURED,
    ],
    [
      'source file',
      'dependencies: review',
      (state) => state.files.push({ filename: 'src/lib.rs', status: 'modified' }),
      CAPTURED,
    ],
  ])('%s: is labelled, and a review is asked for, once', async (_, label, change, outputs) => {
    change(github.state)
    const outcome = await update({ env: { INTERLOCK_UPDATE: outputs } })
    expect(outcome.status).toBe(0)
    const first = [...github.changes]
    expect(first.filter((made) => made !== labelled(label))).toEqual([ASKED])
    expect(github.state.pull.labels.map(({ name }) => name.toLowerCase()).join()).toContain(label)
    await update({ env: { INTERLOCK_UPDATE: outputs } })
    expect(github.changes).toEqual(first)
    expect(github.state.pull.auto_merge).toBeNull()
  })

  it.each([
    ['the plan has no test', { INTERLOCK_NEEDS: needs('0') }],
    ['the plan failed', { INTERLOCK_NEEDS: needs('3', 'failure') }],
    ['the plan put out no number', { INTERLOCK_NEEDS: needs('many') }],
    ['nobody told of the plan', { INTERLOCK_NEEDS: '' }],
  ])('%s', async (_, env) => {
    expect((await update({ env })).data).toMatchObject({ kind: 'review', label: 'dependencies: review' })
    expect(github.state.pull.auto_merge).toBeNull()
  })

  it('loses the auto-merge that a run before turned on, before anything else', async () => {
    await update()
    humanOnTop(github.state)
    verb.event(payload('b'.repeat(40)))
    expect((await update()).prose).toContain('auto-merge is turned off\n')
    expect(github.changes.slice(1)).toEqual([
      'disablePullRequestAutoMerge {"pullRequestId":"PR_node7"}',
      labelled('dependencies: review'),
      ASKED,
    ])
  })

  it('keeps the auto-merge that a person turned on', async () => {
    github.state.pull.auto_merge = { enabled_by: { login: 'octocat', type: 'User' }, merge_method: 'squash' }
    await update({ env: { INTERLOCK_NEEDS: needs('0') } })
    expect(github.state.pull.auto_merge).not.toBeNull()
  })

  it('is found among 300 files', async () => {
    github.state.files = Array.from({ length: 300 }, (_, index) => ({
      filename: `crates/c${index}/Cargo.toml`,
      status: 'modified',
    }))
    expect((await update({ options: { dryRun: true } })).data).toMatchObject({ kind: 'merge' })
    github.state.files[299] = { filename: 'build.rs', status: 'modified' }
    expect((await update()).prose).toContain('it changes more than manifests and locks: "build.rs"')
  })
})

function humanOnTop(state: FakeState): void {
  const sha = 'b'.repeat(40)
  const octocat = { login: 'octocat', type: 'User' }
  state.commits = [dependabotCommit(HEAD), { ...dependabotCommit(sha), author: octocat, committer: octocat }]
  state.pull.head.sha = sha
  verb.event(payload(sha))
}

describe('promise-1: what may not be decided on', () => {
  it.each<[string, (state: FakeState) => void, string]>([
    [
      'a name like it',
      (state) => (state.pull.user = { login: 'dependabot-bot', type: 'Bot' }),
      'the author is "dependabot-bot", not Dependabot',
    ],
    [
      'a person',
      (state) => (state.pull.user = { ...DEPENDABOT, type: 'User' }),
      'the author is "dependabot[bot]", not Dependabot',
    ],
    ['a fork', (state) => (state.pull.head.repo = { full_name: 'evil/repo' }), 'the branch is of "evil/repo", not of octo/repo'],
    [
      'an open door',
      (state) => (state.rules = [{ type: 'deletion' }]),
      'no rule of "main" requires the check "gate": it would merge at once, whatever failed',
    ],
    ['no auto-merge', (state) => (state.settings['allow_auto_merge'] = false), 'the repository does not allow auto-merge'],
  ])('is refused with status 5: %s', async (_, change, says) => {
    change(github.state)
    const summary = join(verb.root, 'summary.md')
    const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary }
    expect(await update({ env })).toMatchObject({
      status: 5,
      prose: `pull request 7: is refused\n  ${says}\nnothing has to change\n::error title=update::${says}`,
    })
    expect(github.changes).toEqual([])
    expect(readFileSync(summary, 'utf8')).toContain('### Update: is refused')
  })

  it('is left to the run of a newer head', async () => {
    github.state.pull.head.sha = 'c'.repeat(40)
    expect(await update()).toMatchObject({ status: 0, data: { kind: 'outdated', changes: [] } })
  })

  it('does not merge a head that moved after the decision', async () => {
    github.fault = (request) => {
      if (request.startsWith('POST /graphql')) github.state.pull.head.sha = 'd'.repeat(40)
      return undefined
    }
    await expect(update()).rejects.toThrow(/^GITHUB_REFUSED: .*GitHub answered "Head sha did not match the expected head"/u)
    expect(github.state.pull.auto_merge).toBeNull()
  })
})
