import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Disturbance, FAKE_TOKEN, type FakeGitHub } from './testing/fake-github.ts'
import { createPushHistory, type PushHistory } from './testing/push-history.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let history: PushHistory
let github: FakeGitHub
let root: string
let good: string
let push: PushHistory['push']
let baseOf: PushHistory['baseOf']

beforeAll(async () => {
  history = await createPushHistory()
  ;({ github, root, good, push, baseOf } = history)
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

describe('promise-2: the payload of a push', () => {
  it.each([
    ['a tag', { ref: 'refs/tags/v1' }, 'event'],
    ['a deleted branch', { deleted: true, after: '0'.repeat(40) }, 'event'],
    ['nothing after it', { after: '0'.repeat(40) }, 'payload'],
    ['an empty commit id', { after: '' }, 'payload'],
    ['no ref', { ref: undefined }, 'payload'],
    ['an odd ref', { ref: 'refs/heads/a"; rm -rf ~' }, 'payload'],
    ['a ref with a way out', { ref: 'refs/heads/../../x' }, 'payload'],
    ['no repository', { repository: undefined }, 'payload'],
  ])('with %s runs everything', async (_, given, cause) => {
    github.add(good)
    expect(await baseOf(push(given))).toEqual(everything(cause))
    expect(github.asked).toEqual([])
  })

  it('may be the first of a new branch, whatever its name', async () => {
    github.add(good, { branch: '$(id)&status=success' })
    const event = push({ ref: 'refs/heads/$(id)&status=success', before: '0'.repeat(40), created: true })
    expect(await baseOf(event)).toEqual(commit(good))
    expect(await baseOf(push({ ref: 'refs/heads/new', before: '0'.repeat(40) }))).toEqual(everything('no-green-commit'))
    expect(github.refused).toEqual([])
  })

  it('may be 5 MB long', async () => {
    github.add(good)
    expect(await baseOf(push({ commits: ['x'.repeat(5_000_000)] }))).toEqual(commit(good))
  })
})

const answers =
  (status: number, headers: Readonly<Record<string, string>> = {}, body = '{}'): Disturbance =>
  (_, response) => {
    response.writeHead(status, headers).end(body)
    return true
  }

/** Where nobody listens. */
const NOWHERE = 'http://127.0.0.1:9'

describe('promise-6: GitHub', () => {
  it.each([
    [401, {}, 'it does not accept the token'],
    [403, {}, 'permission "actions: read"'],
    [403, { 'x-ratelimit-remaining': '0' }, 'too many requests'],
    [429, {}, 'too many requests'],
    [404, {}, 'it knows no such workflow'],
    [500, {}, 'GitHub answered 500'],
    [502, { 'retry-after': '1' }, 'too many requests'],
  ])('that answers %i %j runs everything', async (status, headers, reason) => {
    github.add(good)
    github.disturbance = answers(status, headers, `{"message":"${FAKE_TOKEN}"}`)
    const base = await baseOf(push())
    expect(base).toEqual(everything('gate-unknown'))
    expect(base.reason).toContain(reason)
  })

  it.each([
    ['no JSON', '<html>', 'is not JSON'],
    ['nothing', '', 'is not JSON'],
    ['another document', '{"workflow_runs":[{"id":"1"}]}', 'is not the list of runs'],
    ['a list', '[]', 'is not the list of runs'],
  ])('that sends %s runs everything', async (_, body, reason) => {
    github.disturbance = answers(200, {}, body)
    expect((await baseOf(push())).reason).toContain(reason)
  })

  it('that fails at the jobs, or at the second page, runs everything', async () => {
    github.add(good)
    github.disturbance = (address, response) => address.pathname.endsWith('/jobs') && answers(500)(address, response)
    expect(await baseOf(push())).toEqual(everything('gate-unknown'))
    github.disturbance = (address, response) => address.pathname.endsWith('/jobs') && answers(200)(address, response)
    expect((await baseOf(push())).reason).toContain('is not the list of jobs')
    for (let each = 0; each < 130; each += 1) github.add('c'.repeat(40))
    github.disturbance = (address, response) => address.searchParams.get('page') === '2' && answers(500)(address, response)
    expect(await baseOf(push())).toEqual(everything('gate-unknown'))
  })

  it('that breaks the connection, or is not there, runs everything', async () => {
    github.disturbance = (_, response) => response.destroy().destroyed
    expect((await baseOf(push())).reason).toContain('GitHub cannot be reached')
    expect((await baseOf(push(), root, { ...github.env, GITHUB_API_URL: NOWHERE })).reason).toContain('cannot be reached')
  })

  it('that does not answer in time runs everything', async () => {
    const real = AbortSignal.timeout.bind(AbortSignal)
    vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => real(50))
    github.disturbance = () => true
    expect((await baseOf(push())).reason).toContain('GitHub did not answer within 15 s')
  })

  it('gets the token alone: no redirect and no next page takes it elsewhere', async () => {
    const seen: string[] = []
    const other = createServer((request, response) => {
      seen.push(request.url ?? '')
      response.end('{}')
    })
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const elsewhere = `http://127.0.0.1:${(other.address() as AddressInfo).port}/steal`
    try {
      github.disturbance = answers(302, { location: elsewhere })
      expect((await baseOf(push())).reason).toContain('GitHub answered 302')
      github.disturbance = answers(200, { link: `<${elsewhere}>; rel="next"` }, '{"workflow_runs":[]}')
      expect((await baseOf(push())).reason).toContain('a next page on another server')
      expect(seen).toEqual([])
    } finally {
      other.close()
    }
  })

  it.each([
    ['without a token', { GITHUB_TOKEN: '' }, 'there is no GITHUB_TOKEN'],
    ['where the address is not safe', { GITHUB_API_URL: 'http://api.example.invalid' }, 'not an https address'],
    ['where the address is none', { GITHUB_API_URL: 'nowhere' }, 'not an https address'],
    ['where the repository is none', { GITHUB_REPOSITORY: 'octo/..' }, 'names a repository'],
  ])('is not asked %s, and everything runs', async (_, given, reason) => {
    github.add(good)
    const base = await baseOf(push(), root, { ...github.env, ...given })
    expect(base).toEqual(everything('gate-unknown'))
    expect(base.reason).toContain(reason)
    expect(github.asked).toEqual([])
  })

  it('that does not say which commit was good is named on the page of the run', async () => {
    github.disturbance = answers(500)
    await baseOf(push())
    await baseOf(push({ ref: 'refs/tags/v1' }))
    await baseOf(push(), root, { GITHUB_TOKEN: '' })
    expect(vi.mocked(process.stderr.write).mock.calls).toEqual([
      ['::warning title=everything runs::it is not known which commit of main was good: GitHub answered 500\n'],
    ])
  })

  it('is asked from a laptop too, for the payload of a push', async () => {
    github.add(good)
    const { GITHUB_API_URL = '', GITHUB_TOKEN = '' } = github.env
    expect(await baseOf(push(), root, { GITHUB_API_URL, GITHUB_TOKEN })).toEqual(commit(good))
  })
})
