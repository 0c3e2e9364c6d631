import { afterAll, beforeAll, expect, test } from 'vitest'
import { testAuthority } from '../../testing/authority.ts'
import { GITHUB_PULL_REQUEST, startTestIssuer, type TestIssuer } from '../../testing/issuer.ts'
import { nxClient } from '../../testing/nx-client.ts'
import { githubPolicy } from '../../testing/policy.ts'
import { testServer, type TestServer } from '../../testing/server.ts'
import { MAIN, PULL_A, PULL_B, tokenAuthority } from '../../testing/tokens.ts'

const authority = tokenAuthority({ tokens: { main: MAIN, a: PULL_A, b: PULL_B }, expired: ['old'] })
const HIT = /\[remote cache\]/u
const JOBS = {
  main: {},
  a: GITHUB_PULL_REQUEST,
  /** What a hostile branch may be called changes nothing. */
  b: { ...GITHUB_PULL_REQUEST, ref: 'refs/pull/6/merge', head_ref: 'main' },
  queue: { event_name: 'merge_group', ref: 'refs/heads/gh-readonly-queue/main/pr-5-abc' },
}

let issuer: TestIssuer
beforeAll(async () => {
  issuer = await startTestIssuer()
})
afterAll(async () => issuer.close())

/** A server with the policy of the cookbook, and a run of the real Nx for each job, by what its issuer signed. */
async function jobs(): Promise<{
  readonly server: TestServer
  /** Whether the job found what it builds in the cache. */
  readonly run: (job: keyof typeof JOBS) => Promise<'built' | 'hit'>
  readonly [Symbol.asyncDispose]: () => Promise<void>
}> {
  const policy = testAuthority(githubPolicy(issuer.url))
  const server = await testServer({ authority: policy, isGuarded: true })
  const client = await nxClient()
  return {
    server,
    run: async (job) => {
      const exchange = await policy.exchange(await issuer.github(JOBS[job]))
      if (exchange.kind !== 'granted') throw new Error(exchange.reason)
      const ran = await client.run({ url: server.url, token: exchange.token })
      expect(ran).toMatchObject({ status: 0 })
      return 'stdout' in ran && HIT.test(ran.stdout) ? 'hit' : 'built'
    },
    [Symbol.asyncDispose]: async () => {
      await client[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    },
  }
}

const PR_5 = 'pr/github.refs~2fpull~2f5~2fmerge'
const PR_6 = 'pr/github.refs~2fpull~2f6~2fmerge'

test('cache-01: what a pull request wrote is not there for main, which builds for itself', async () => {
  await using ci = await jobs()
  expect([await ci.run('a'), await ci.run('main'), await ci.run('main')]).toEqual(['built', 'built', 'hit'])
  expect(scopes(ci.server.audited)).toEqual([PR_5, 'trusted/main'])
})

test('cache-02: what main wrote is there for a pull request', async () => {
  await using ci = await jobs()
  expect([await ci.run('main'), await ci.run('a')]).toEqual(['built', 'hit'])
  expect(scopes(ci.server.audited)).toEqual(['trusted/main'])
})

test('cache-03: what one pull request wrote is not there for another, and each keeps its own', async () => {
  await using ci = await jobs()
  expect([await ci.run('a'), await ci.run('b'), await ci.run('a'), await ci.run('b')]).toEqual(['built', 'built', 'hit', 'hit'])
  expect(scopes(ci.server.audited)).toEqual([PR_5, PR_6])
})

test('cache-05: a merge queue finds nothing that a pull request wrote, nor what it wrote itself', async () => {
  await using ci = await jobs()
  expect([await ci.run('a'), await ci.run('queue'), await ci.run('queue')]).toEqual(['built', 'built', 'built'])
  expect(scopes(ci.server.audited)).toEqual([PR_5, 'queue/github.refs~2fheads~2fgh-readonly-queue~2fmain~2fpr-5-abc'])
})

test('cache-12: a token that became too old costs the cache, and not the run', async () => {
  await using server = await testServer({ authority, isGuarded: true })
  await using client = await nxClient({ projects: 2 })
  expect(await client.run({ url: server.url, token: 'old' })).toMatchObject({ status: 0 })
  expect(await client.workspace.read('dist/p2/out.txt')).toBe('made p2\n')
  expect(scopes(server.audited)).toEqual([])
})

test('a trusted entry comes before the one that a pull request wrote itself', async () => {
  await using server = await testServer({ authority })
  const put = async (token: string, body: string): Promise<number> =>
    (await fetch(`${server.url}/v1/cache/1`, { method: 'PUT', body, headers: { authorization: `Bearer ${token}` } })).status
  expect([await put('a', 'mine'), await put('main', 'trusted')]).toEqual([200, 200])
  const got = await fetch(`${server.url}/v1/cache/1`, { headers: { authorization: 'Bearer a' } })
  expect([await got.text(), got.headers.get('x-artifact-scope')]).toEqual(['trusted', 'trusted/main'])
})

test('whether another scope holds a hash cannot be learned by writing it', async () => {
  await using server = await testServer({ authority })
  const put = async (token: string): Promise<number> =>
    (await fetch(`${server.url}/v1/cache/1`, { method: 'PUT', body: 'x', headers: { authorization: `Bearer ${token}` } })).status
  expect([await put('main'), await put('a'), await put('b'), await put('a')]).toEqual([200, 200, 200, 409])
})

function scopes(audited: readonly { readonly kind: string; readonly detail: Readonly<Record<string, unknown>> }[]): unknown[] {
  return audited.filter(({ kind }) => kind === 'put').map(({ detail }) => detail['scope'])
}
