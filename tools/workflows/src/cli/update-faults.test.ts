import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FAKE_TOKEN, type FakeGitHub } from '../testing/fake-github.ts'
import { outputsWith } from '../testing/update.ts'
import { needs, payload, startUpdateVerb, type UpdateVerb } from '../testing/update-verb.ts'

let verb: UpdateVerb
let github: FakeGitHub
let update: UpdateVerb['update']
beforeEach(async () => {
  verb = await startUpdateVerb()
  ;({ github, update } = verb)
})
afterEach(() => verb.close())

describe('bad input', () => {
  it.each([
    [{ env: { GITHUB_TOKEN: '' } }, /^CONFIG_INVALID: GITHUB_TOKEN is not set/],
    [{ env: { GITHUB_EVENT_PATH: '' } }, /^USAGE: there is no pull request/],
    [{ env: { GITHUB_EVENT_NAME: 'pull_request_target' } }, /^CONFIG_INVALID: pull_request_target gives/],
    [{ options: { event: 'nowhere.json' } }, /^FILE_UNREADABLE: nowhere\.json: cannot be read \(ENOENT\)/],
    [{ options: { reviewers: ['a b'] } }, /^USAGE: --reviewers: "a b" is no user/],
    [{ options: { reviewers: ['../..'] } }, /^USAGE: --reviewers: "\.\.\/\.\." is no user/],
    [{ env: { INTERLOCK_NEEDS: '{' } }, /^CONFIG_INVALID: INTERLOCK_NEEDS is not JSON/],
    [{ env: { GITHUB_API_URL: 'http://api.example.invalid' } }, /^CONFIG_INVALID: GITHUB_API_URL is not an https address/],
  ])('is an error: %j', async (given, says) => {
    await expect(update(given)).rejects.toThrow(says)
    expect(github.changes).toEqual([])
  })

  it.each([
    [{}, /repository: [\s\S]*pull_request: /],
    [{ ...payload(), repository: { full_name: '../../user' } }, /repository\.full_name: /],
    [
      { ...payload(), pull_request: { number: 1.5, head: { sha: '$(id)' } } },
      /pull_request\.number: [\s\S]*pull_request\.head\.sha: /,
    ],
  ])('names what a payload lacks: %j', async (event, says) => {
    verb.event(event)
    await expect(update()).rejects.toThrow(says)
    expect(github.asked).toEqual([])
  })

  it('shows names of strangers in one line, and none is a command to GitHub Actions', async () => {
    github.state.pull.labels.push({ name: 'security\n::set-output name=x::y' })
    const outcome = await update({
      env: { INTERLOCK_UPDATE: outputsWith({ dependencyName: '$(id)\u202E\n::error::x', packageEcosystem: '../..' }) },
    })
    expect(outcome.prose).toContain(String.raw`it has the label "security\n::set-output name=x::y"`)
    expect(outcome.prose.split('\n').some((line) => line.startsWith('::'))).toBe(false)
    expect(outcome.prose).not.toContain('\u202E')
  })
})

describe('GitHub', () => {
  const rateLimited = { status: 403, headers: { 'x-ratelimit-remaining': '0' }, body: '{"message":"API rate limit exceeded"}' }
  it.each<[string, ReturnType<NonNullable<FakeGitHub['fault']>>, RegExp]>([
    ['is down', 'drop', /^GITHUB_UNREACHABLE: GET \/repos\/octo\/repo\/pulls\/7: GitHub cannot be reached$/],
    ['has a fault', { status: 502, body: '<html>' }, /^GITHUB_UNREACHABLE: .*GitHub answered 502$/],
    ['has enough', rateLimited, /^GITHUB_UNREACHABLE: .*\(API rate limit exceeded\)\n\nhint: too many requests/],
    [
      'denies',
      { status: 403, body: `{"message":"no ${FAKE_TOKEN}\\n::error::x"}` },
      /^GITHUB_REFUSED: .*GitHub answered 403 \(no \*\*\* ::error::x\)\n/,
    ],
    ['knows nothing of it', { status: 404 }, /^GITHUB_REFUSED: .*GitHub answered 404\n\nhint: it is not there/],
    ['moved', { status: 301, headers: { location: 'https://example.invalid/' } }, /^GITHUB_REFUSED: .*GitHub answered 301$/],
    ['answers nonsense', { status: 200, body: 'null' }, /^GITHUB_REFUSED: .*the answer is not what GitHub documents$/],
    ['answers no JSON', { status: 200, body: '<html>' }, /^GITHUB_REFUSED: .*the answer of GitHub is not JSON$/],
  ])('promise-1: %s: nothing is changed, and the error says what it was', async (_, fault, says) => {
    github.fault = () => fault
    const failure = (await update().catch((error: unknown) => error)) as Error
    expect(failure.message).toMatch(says)
    expect(`${failure.stack} ${JSON.stringify(failure)}`).not.toContain(FAKE_TOKEN)
    expect(github.changes).toEqual([])
  })

  it('is asked again after a fault, but never told twice to change something', async () => {
    let faults = 0
    github.fault = (request) => (request.startsWith('GET') && (faults += 1) === 1 ? { status: 503 } : undefined)
    expect((await update()).data).toMatchObject({ kind: 'merge' })
    github.state.pull.auto_merge = null
    github.fault = (request) => (request.startsWith('POST') ? { status: 503 } : undefined)
    const before = github.asked.length
    await expect(update()).rejects.toThrow('GITHUB_UNREACHABLE: POST /graphql enablePullRequestAutoMerge: GitHub answered 503')
    expect(github.asked.slice(before).filter((request) => request.startsWith('POST'))).toHaveLength(1)
  })

  it('says who cannot be asked for a review', async () => {
    await expect(update({ env: { INTERLOCK_NEEDS: needs('0') }, options: { reviewers: ['ghost'] } })).rejects.toThrow(
      /^GITHUB_REFUSED: POST .*\/requested_reviewers: GitHub answered 422 \(Reviews may only be requested from collaborators\.\)/u,
    )
  })

  it('promise-1: asks a person also where it may not make a label, and says both', async () => {
    github.state.knownLabels = ['dependencies']
    const outcome = update({ env: { INTERLOCK_NEEDS: needs('0') } })
    await expect(outcome).rejects.toThrow(
      /^GITHUB_REFUSED: POST \S+\/labels: GitHub answered 403 \(Resource .*\)\n {2}done all the same: a review is asked of octocat, core\n\nhint: /u,
    )
    expect(github.state.pull.requested_reviewers).toEqual([{ login: 'octocat' }])
  })

  it('promise-1: merges nothing after a change that was refused', async () => {
    github.state.pull.labels.push({ name: 'dependencies: minor' })
    github.fault = (request) => (request.startsWith('DELETE') ? { status: 403 } : undefined)
    await expect(update()).rejects.toThrow('GITHUB_REFUSED: DELETE /repos/octo/repo/issues/7/labels/dependencies%3A%20minor')
    expect(github.state.pull.auto_merge).toBeNull()
  })
})
