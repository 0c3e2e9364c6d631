import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tokenHash } from '../core/tokens.ts'
import { testAuthority } from '../testing/authority.ts'
import { GITHUB_PULL_REQUEST, startTestIssuer, type TestIssuer } from '../testing/issuer.ts'
import { githubPolicy } from '../testing/policy.ts'

let issuer: TestIssuer
beforeAll(async () => {
  issuer = await startTestIssuer()
})
afterAll(async () => issuer.close())

describe('the authority', () => {
  it('turns the token of a push to main into one that reads and writes trusted/main', async () => {
    const authority = testAuthority(githubPolicy(issuer.url))
    const exchange = await authority.exchange(await issuer.github())
    const grant = {
      workspace: 'acme',
      read: ['trusted/main'],
      write: 'trusted/main',
      rule: 'main',
      writer: { issuer: issuer.url, run: '4711', job: '42', actor: '12', commit: '0123456789abcdef0123456789abcdef01234567' },
      admin: false,
    }
    expect(exchange).toEqual({ kind: 'granted', token: expect.any(String), expiresIn: 3600, grant })
    if (exchange.kind !== 'granted') return
    expect(await authority.authenticate(`Bearer ${exchange.token}`, undefined)).toEqual({ kind: 'granted', grant })
    expect(await authority.authenticate(`Bearer ${exchange.token}`, 'acme')).toEqual({ kind: 'granted', grant })
    expect(await authority.authenticate(`Bearer ${exchange.token}`, 'other')).toMatchObject({ kind: 'unknown' })
  })

  it('gives a pull request the trusted scope of its base to read, and one of its own', async () => {
    const exchange = await testAuthority(githubPolicy(issuer.url)).exchange(await issuer.github(GITHUB_PULL_REQUEST))
    expect(exchange).toMatchObject({
      grant: {
        read: ['trusted/main', 'pr/github.refs~2fpull~2f5~2fmerge'],
        write: 'pr/github.refs~2fpull~2f5~2fmerge',
        rule: 'pull-request',
      },
    })
  })

  it('lets a static token read the trusted scopes and nothing else', async () => {
    const token = `interlock_read_${'a'.repeat(43)}`
    const authority = testAuthority(githubPolicy(issuer.url, { tokens: [{ name: 'laptops', hash: tokenHash(token) }] }))
    const authentication = await authority.authenticate(`Bearer ${token}`, 'acme')
    expect(authentication).toEqual({
      kind: 'granted',
      grant: {
        workspace: 'acme',
        read: ['trusted/main', 'trusted/next'],
        rule: 'token:laptops',
        writer: { issuer: 'static' },
        admin: false,
      },
    })
  })
})
