import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { testAuthority } from '../testing/authority.ts'
import { type IssuerFault, startTestIssuer, type TestIssuer } from '../testing/issuer.ts'
import { githubIssuer, githubPolicy } from '../testing/policy.ts'

let issuer: TestIssuer
beforeEach(async () => {
  issuer = await startTestIssuer()
})
afterEach(async () => issuer.close())

const SECOND = 1000
const reusable = (): ReturnType<typeof githubPolicy> =>
  githubPolicy(issuer.url, { issuers: [{ ...(githubIssuer(issuer.url) as object), replay: 'reusable' }] })

describe('the keys of an issuer', () => {
  it('are fetched once for many tokens', async () => {
    const authority = testAuthority(reusable())
    const tokens = await Promise.all(Array.from({ length: 20 }, async () => issuer.github()))
    const kinds = (await Promise.all(tokens.map(async (token) => authority.exchange(token)))).map(({ kind }) => kind)
    expect(new Set(kinds)).toEqual(new Set(['granted']))
    expect(issuer.keyRequests()).toBe(1)
    expect(authority.keyAges()).toEqual({ [issuer.url]: expect.any(Number) })
  })

  it('cache-13: after a rotation the new key is fetched once', async () => {
    const authority = testAuthority(reusable())
    const old = await issuer.github()
    expect(await authority.exchange(old)).toMatchObject({ kind: 'granted' })
    await issuer.rotate()
    authority.pass(31 * SECOND)
    const tokens = await Promise.all(Array.from({ length: 20 }, async () => issuer.github()))
    for (const exchange of await Promise.all(tokens.map(async (token) => authority.exchange(token))))
      expect(exchange).toMatchObject({ kind: 'granted' })
    expect(issuer.keyRequests()).toBe(2)
    expect(await authority.exchange(old)).toMatchObject({ kind: 'granted' })
  })

  it('cache-13: a key that the issuer no longer has is refused once five minutes are over', async () => {
    const authority = testAuthority(reusable())
    const old = await issuer.github({}, { lifetime: 3600 })
    expect(await authority.exchange(old)).toMatchObject({ kind: 'granted' })
    await issuer.rotate({ forgotten: true })
    authority.pass(301 * SECOND)
    expect(await authority.exchange(old)).toMatchObject({ kind: 'invalid', reason: expect.stringContaining('key') })
  })

  it('cache-14: a flood of unknown keys makes one request in thirty seconds', async () => {
    const authority = testAuthority(reusable())
    await authority.exchange(await issuer.github())
    authority.pass(31 * SECOND)
    const before = issuer.keyRequests()
    const flood = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => issuer.github({}, { header: { kid: `unknown-${index}` } })),
    )
    for (const token of flood) expect(await authority.exchange(token)).toMatchObject({ kind: 'invalid' })
    expect(issuer.keyRequests() - before).toBe(1)
    authority.pass(31 * SECOND)
    for (const token of flood) await authority.exchange(token)
    expect(issuer.keyRequests() - before).toBe(2)
  })

  it.each<IssuerFault>(['reset', 'status-503', 'garbage', 'redirect', 'oversized', 'wrong-issuer', 'strange-keys'])(
    'cache-15: while the issuer is away (%s), known keys work and unknown ones are refused',
    async (fault) => {
      const authority = testAuthority(reusable())
      const known = await issuer.github({}, { lifetime: 7200 })
      expect(await authority.exchange(known)).toMatchObject({ kind: 'granted' })
      issuer.fail(fault)
      authority.pass(3600 * SECOND)
      expect(await authority.exchange(known)).toMatchObject({ kind: 'granted' })
      await issuer.rotate()
      expect(await authority.exchange(await issuer.github({}, { lifetime: 7200 }))).toMatchObject({ kind: 'invalid' })
      issuer.fail(undefined)
      authority.pass(31 * SECOND)
      expect(await authority.exchange(await issuer.github({}, { lifetime: 7200 }))).toMatchObject({ kind: 'granted' })
    },
  )

  it.each<IssuerFault>(['hang', 'endless'])('cache-15: an issuer that never ends (%s) is given up', async (fault) => {
    issuer.fail(fault)
    const authority = testAuthority(reusable())
    expect(await authority.exchange(await issuer.github())).toMatchObject({ kind: 'invalid' })
    expect(authority.keyAges()).toEqual({ [issuer.url]: undefined })
  })

  it('cache-15: keys that are older than a day are believed no longer', async () => {
    const authority = testAuthority(reusable())
    const known = await issuer.github({}, { lifetime: 200_000 })
    await authority.exchange(known)
    issuer.fail('status-503')
    authority.pass(25 * 3600 * SECOND)
    expect(await authority.exchange(known)).toMatchObject({ kind: 'invalid' })
  })

  it('are found where the policy says, without discovery', async () => {
    const at = { ...(githubIssuer(issuer.url) as object), jwks_uri: `${issuer.url}/keys` }
    issuer.fail(undefined)
    const authority = testAuthority(githubPolicy(issuer.url, { issuers: [at] }))
    expect(await authority.exchange(await issuer.github())).toMatchObject({ kind: 'granted' })
  })
})
