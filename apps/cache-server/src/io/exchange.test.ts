import { createSecretKey } from 'node:crypto'
import * as fc from 'fast-check'
import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newKeyring, testAuthority } from '../testing/authority.ts'
import { GITHUB_PULL_REQUEST, GITHUB_PUSH, startTestIssuer, TEST_AUDIENCE, type TestIssuer } from '../testing/issuer.ts'
import { githubIssuer, githubPolicy, gitlabPolicy } from '../testing/policy.ts'
import { issueSession } from './session.ts'

let issuer: TestIssuer
beforeAll(async () => {
  issuer = await startTestIssuer()
})
afterAll(async () => issuer.close())

const MINUTE = 60_000
/** Seconds. */
const now = (): number => Math.floor(Date.now() / 1000)
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

describe('the exchange of identity tokens', () => {
  it.each(['pull_request_target', 'issue_comment', 'workflow_run', 'pull_request_review', 'release', 'check_run', 'delete', ''])(
    'cache-04: a token of %j with the ref of main writes nothing trusted',
    async (event) => {
      const exchange = await testAuthority(githubPolicy(issuer.url)).exchange(await issuer.github({ event_name: event }))
      expect(exchange).toMatchObject({ kind: 'denied', reason: 'no rule of workspace "acme" matches' })
    },
  )

  it('cache-04: an event that runs code of strangers writes nothing trusted, even where a rule was made for it', async () => {
    const { rules, ...rest } = githubIssuer(issuer.url) as { readonly rules: readonly { readonly match: object }[] }
    const careless = rules.map((rule) => ({ ...rule, match: { ref: 'refs/heads/main' } }))
    const policy = githubPolicy(issuer.url, { issuers: [{ ...rest, rules: careless.slice(0, 1) }] })
    const exchange = await testAuthority(policy).exchange(await issuer.github({ event_name: 'pull_request_target' }))
    expect(exchange).toMatchObject({ kind: 'denied', reason: expect.stringContaining('never writes trusted/main') })
  })

  it('cache-06: nothing, an empty token and a token of nobody are refused', async () => {
    const authority = testAuthority(githubPolicy(issuer.url))
    const before = issuer.keyRequests()
    for (const token of ['', 'null', 'undefined', '..', 'a.b.c', 'Bearer x', '$(id)'])
      expect(await authority.exchange(token)).toMatchObject({ kind: 'invalid' })
    expect(await authority.authenticate(undefined, undefined)).toMatchObject({ kind: 'unknown', reason: 'a token is needed' })
    expect(await authority.authenticate(undefined, 'acme')).toMatchObject({ kind: 'unknown', reason: 'a token is needed' })
    expect(issuer.keyRequests()).toBe(before)
  })

  it.each([{ repository_id: '123457' }, { repository_owner_id: '66' }, { repository_id: 123 }, { repository_id: undefined }])(
    'cache-07: a token of a repository of the same name and other ids is denied: %j',
    async (ids) => {
      const authority = testAuthority(githubPolicy(issuer.url))
      const exchange = await authority.exchange(await issuer.github(ids))
      expect(exchange).toMatchObject({ kind: 'denied', reason: expect.stringContaining('of another repository') })
      expect(authority.audited).toEqual([expect.objectContaining({ kind: 'deny', workspace: 'acme' })])
    },
  )

  it.each([
    'https://github.com/octo-org',
    'https://cache.test/',
    'https://CACHE.test',
    '',
    undefined,
    [TEST_AUDIENCE, 'https://vault.test'],
    [],
    { aud: TEST_AUDIENCE },
  ])('cache-08: an audience that is not exactly ours is refused: %j', async (aud) => {
    const authority = testAuthority(githubPolicy(issuer.url))
    expect(await authority.exchange(await issuer.github({ aud }))).toMatchObject({ kind: 'invalid' })
    expect(await authority.exchange(await issuer.github({ aud: [TEST_AUDIENCE] }))).toMatchObject({ kind: 'granted' })
  })

  it('cache-09: a token that nobody signed, or that the public key signed as a secret, is refused', async () => {
    const authority = testAuthority(githubPolicy(issuer.url))
    const [jwk] = issuer.keys()
    const body = { ...GITHUB_PUSH, iss: issuer.url, aud: TEST_AUDIENCE, iat: now(), exp: now() + 300, jti: '1' }
    const none = `${part({ alg: 'none', kid: jwk?.kid })}.${part(body)}.`
    const secrets = [JSON.stringify(jwk), String(jwk?.n), Buffer.from(String(jwk?.n), 'base64url')]
    const forged = await Promise.all(
      secrets.map(async (secret) =>
        new SignJWT(body).setProtectedHeader({ alg: 'HS256', kid: jwk?.kid ?? '' }).sign(createSecretKey(Buffer.from(secret))),
      ),
    )
    const genuine = await issuer.github()
    const [header = '', payload = '', signature = ''] = genuine.split('.')
    const swapped = `${header}.${part({ ...body, event_name: 'push' })}.${signature}`
    for (const token of [none, ...forged, swapped, `${header}.${payload}.`, `${header}.${payload}.${signature.slice(0, -4)}AAAA`])
      expect(await authority.exchange(token)).toMatchObject({ kind: 'invalid' })
    expect(await authority.exchange(genuine)).toMatchObject({ kind: 'granted' })
  })

  it('cache-09: a critical extension that nobody knows is refused', async () => {
    const token = await issuer.github({}, { header: { crit: ['exp-strict'], 'exp-strict': true } })
    expect(await testAuthority(githubPolicy(issuer.url)).exchange(token)).toMatchObject({ kind: 'invalid' })
  })

  it.each([
    ['expired 55 seconds ago', { lifetime: 300, ago: 355 }, 'granted'],
    ['expired 65 seconds ago', { lifetime: 300, ago: 365 }, 'invalid'],
    ['valid in 55 seconds', { lifetime: 300, ago: -55 }, 'granted'],
    ['valid in 65 seconds', { lifetime: 300, ago: -65 }, 'invalid'],
  ])('cache-10: a token that %s is taken when clocks may differ by a minute', async (_, { lifetime, ago }, kind) => {
    const authority = testAuthority(
      githubPolicy(issuer.url, { issuers: [{ ...(githubIssuer(issuer.url) as object), replay: 'reusable' }] }),
    )
    expect(await authority.exchange(await issuer.github({}, { now: authority.seconds() - ago, lifetime }))).toMatchObject({
      kind,
    })
  })

  it.each(['exp', 'iat'])('cache-10: a token without "%s" is refused', async (claim) => {
    expect(await testAuthority(githubPolicy(issuer.url)).exchange(await issuer.github({ [claim]: undefined }))).toMatchObject({
      kind: 'invalid',
    })
  })

  it('cache-11: a token of GitHub is exchanged once, and the second try is written down', async () => {
    const authority = testAuthority(githubPolicy(issuer.url))
    const token = await issuer.github()
    expect(await authority.exchange(token)).toMatchObject({ kind: 'granted' })
    expect(await authority.exchange(token)).toEqual({ kind: 'invalid', reason: 'it was used before' })
    authority.pass(5 * MINUTE)
    expect(await authority.exchange(token)).toEqual({ kind: 'invalid', reason: 'it was used before' })
    expect(authority.audited.map(({ kind }) => kind)).toEqual(['exchange', 'deny', 'deny'])
    expect(JSON.stringify(authority.audited)).not.toContain(token.split('.')[2])
  })

  it('cache-11: of many exchanges of one token at the same time, one is granted', async () => {
    const authority = testAuthority(githubPolicy(issuer.url))
    const token = await issuer.github()
    const kinds = (await Promise.all(Array.from({ length: 50 }, async () => authority.exchange(token)))).map(({ kind }) => kind)
    expect(kinds.filter((kind) => kind === 'granted')).toHaveLength(1)
  })

  it('cache-11: a token that was made before the server started is not taken, because it may have been used', async () => {
    const authority = testAuthority(githubPolicy(issuer.url))
    const token = await issuer.github({}, { now: authority.seconds() })
    expect(await authority.exchange(token)).toMatchObject({ kind: 'granted' })
    authority.pass(2000)
    expect(await authority.again().exchange(token)).toMatchObject({
      kind: 'invalid',
      reason: expect.stringContaining('before this server started'),
    })
  })

  it('cache-11: a token that can be used once has an id, and does not live for ever', async () => {
    const authority = testAuthority(githubPolicy(issuer.url))
    expect(await authority.exchange(await issuer.github({ jti: undefined }))).toMatchObject({
      reason: expect.stringContaining('"jti"'),
    })
    expect(await authority.exchange(await issuer.github({}, { lifetime: 90_000 }))).toMatchObject({
      reason: expect.stringContaining('than a day'),
    })
  })

  it('cache-11: the job of a token of GitLab exchanges it as often as it needs', async () => {
    const authority = testAuthority(gitlabPolicy(issuer.url))
    const token = await issuer.gitlab({}, { lifetime: 3600 })
    expect(await authority.exchange(token)).toMatchObject({ kind: 'granted', grant: { writer: { job: '302' } } })
    expect(await authority.exchange(token)).toMatchObject({ kind: 'granted' })
  })

  it.each(['main', '../../trusted', 'refs/heads/main', '$(id)', 'a\nb'])(
    'cache-16: the scope of a pull request comes from its ref alone, whatever its branch is called: %j',
    async (head) => {
      const exchange = await testAuthority(githubPolicy(issuer.url)).exchange(
        await issuer.github({ ...GITHUB_PULL_REQUEST, head_ref: head, actor: head, sub: head }),
      )
      expect(exchange).toMatchObject({ grant: { write: 'pr/github.refs~2fpull~2f5~2fmerge' } })
    },
  )

  it.each([
    ['refs/heads/../../trusted/main', 'branch/github.refs~2fheads~2f~2e~2e~2f~2e~2e~2ftrusted~2fmain'],
    ['refs/heads/Main', 'branch/github.refs~2fheads~2f~4dain'],
    ['refs/heads/main\n', 'branch/github.refs~2fheads~2fmain~0a'],
  ])('cache-16: a ref that wants out is a name like any other: %j', async (ref, write) => {
    const exchange = await testAuthority(githubPolicy(issuer.url)).exchange(await issuer.github({ ref }))
    expect(exchange).toMatchObject({ grant: { write, read: ['trusted/main', write] } })
  })

  it('a merge request of a fork carries the ids of the fork, and is denied', async () => {
    const fork = await issuer.gitlab({
      pipeline_source: 'merge_request_event',
      project_id: '99',
      namespace_id: '98',
      ref: 'main',
    })
    expect(await testAuthority(gitlabPolicy(issuer.url)).exchange(fork)).toMatchObject({ kind: 'denied' })
  })

  it('a merge request whose branch is called main writes its own scope', async () => {
    const token = await issuer.gitlab({ pipeline_source: 'merge_request_event', ref: 'main', ref_protected: 'true' })
    expect(await testAuthority(gitlabPolicy(issuer.url)).exchange(token)).toMatchObject({
      grant: { rule: 'merge-request', write: 'pr/gitlab.refs~2fheads~2fmain' },
    })
  })

  it('a tag of the name of a branch has another scope', async () => {
    const tag = await issuer.gitlab({ ref_type: 'tag', ref: 'feature', ref_protected: 'false' })
    expect(await testAuthority(gitlabPolicy(issuer.url)).exchange(tag)).toMatchObject({ kind: 'denied' })
  })

  it('strangers cannot fill the audit: what cannot be verified is written down once a minute', async () => {
    const authority = testAuthority(githubPolicy(issuer.url))
    for (let count = 0; count < 50; count += 1) await authority.exchange(`a.b.${count}`)
    expect(authority.audited).toHaveLength(1)
    authority.pass(2 * MINUTE)
    await authority.exchange('a.b.c')
    expect(authority.audited[1]).toMatchObject({ kind: 'deny', detail: { count: 50 } })
  })

  it('arbitrary text is never a token, and makes no request', async () => {
    const authority = testAuthority(githubPolicy(issuer.url))
    const before = issuer.keyRequests()
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc
            .tuple(fc.json(), fc.json())
            .map(([a, b]) => `${Buffer.from(a).toString('base64url')}.${Buffer.from(b).toString('base64url')}.AA`),
        ),
        async (text) => {
          expect(await authority.exchange(text)).toMatchObject({ kind: 'invalid' })
          expect(await authority.authenticate(text, 'acme')).toMatchObject({ kind: 'unknown' })
          expect(await authority.authenticate(`Bearer ${text}`, undefined)).toMatchObject({ kind: 'unknown' })
        },
      ),
      { numRuns: 300 },
    )
    expect(issuer.keyRequests()).toBe(before)
  })

  it('a token of the cache is no identity token, and an identity token is none of the cache', async () => {
    const authority = testAuthority(githubPolicy(issuer.url))
    const identity = await issuer.github()
    expect(await authority.authenticate(`Bearer ${identity}`, undefined)).toMatchObject({ kind: 'unknown' })
    const exchange = await authority.exchange(identity)
    expect(exchange.kind === 'granted' && (await authority.exchange(exchange.token))).toMatchObject({ kind: 'invalid' })
  })

  it('a session token of another server is forged', async () => {
    const authority = testAuthority(githubPolicy(issuer.url))
    const exchange = await authority.exchange(await issuer.github())
    if (exchange.kind !== 'granted') throw new Error(exchange.reason)
    const foreign = await issueSession(newKeyring(), { grant: exchange.grant, policy: '' }, { now: Date.now(), minutes: 60 })
    expect(await authority.authenticate(`Bearer ${foreign}`, undefined)).toMatchObject({ kind: 'unknown' })
  })
})
