import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Authority } from '../core/access.ts'
import { tokenHash } from '../core/tokens.ts'
import { newKeyring, testAuthority } from '../testing/authority.ts'
import { GITHUB_PULL_REQUEST, startTestIssuer, type TestIssuer } from '../testing/issuer.ts'
import { githubPolicy } from '../testing/policy.ts'
import { createAuthority } from './authority.ts'

const READ = `interlock_read_${'a'.repeat(43)}`
const ADMIN = `interlock_admin_${'b'.repeat(43)}`
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
    const authority = testAuthority(githubPolicy(issuer.url, { tokens: [{ name: 'laptops', hash: tokenHash(READ) }] }))
    const grant = {
      workspace: 'acme',
      read: ['trusted/main', 'trusted/next'],
      rule: 'token:laptops',
      writer: { issuer: 'static' },
      admin: false,
    }
    expect(await authority.authenticate(`Bearer ${READ}`, 'acme')).toEqual({ kind: 'granted', grant })
    expect(await authority.authenticate(`bearer  ${READ} `, undefined)).toEqual({ kind: 'granted', grant })
    expect(await authority.authenticate(`Bearer ${READ}`, 'other')).toMatchObject({ kind: 'unknown' })
  })

  it('lets an operator administer the workspace, and read and write nothing', async () => {
    const authority = testAuthority(githubPolicy(issuer.url, { admins: [{ name: 'ops', hash: tokenHash(ADMIN) }] }))
    const authentication = await authority.authenticate(`Bearer ${ADMIN}`, undefined)
    expect(authentication).toMatchObject({ kind: 'granted', grant: { admin: true, read: [], rule: 'admin:ops' } })
    expect(authentication).not.toHaveProperty('grant.write')
  })

  it('takes a token for what it says it is only: a reader whose hash stands among the admins is nobody', async () => {
    const policy = githubPolicy(issuer.url, {
      admins: [{ name: 'ops', hash: tokenHash(READ) }],
      tokens: [{ name: 'a', hash: tokenHash(ADMIN) }],
    })
    const authority = testAuthority(policy)
    for (const token of [READ, ADMIN])
      expect(await authority.authenticate(`Bearer ${token}`, 'acme')).toMatchObject({ kind: 'unknown' })
  })

  it.each([
    '',
    'Bearer',
    'Bearer ',
    `Basic ${READ}`,
    READ,
    `Bearer ${READ} ${READ}`,
    `Bearer ${READ}x`,
    `Bearer ${READ.slice(0, -1)}`,
    'Bearer $(id)',
    'Bearer \u0000',
  ])('knows nobody who says %j', async (header) => {
    const authority = testAuthority(githubPolicy(issuer.url, { tokens: [{ name: 'laptops', hash: tokenHash(READ) }] }))
    expect(await authority.authenticate(header, 'acme')).toMatchObject({ kind: 'unknown' })
  })

  it('cache-06: lets nobody in particular read what a public workspace trusts, and only where the policy says so', async () => {
    const open = githubPolicy(issuer.url, { visibility: 'public', anonymous: 'read-trusted' })
    const grant = {
      workspace: 'acme',
      read: ['trusted/main', 'trusted/next'],
      rule: 'anonymous',
      writer: { issuer: 'anonymous' },
      admin: false,
    }
    expect(await testAuthority(open).authenticate(undefined, 'acme')).toEqual({ kind: 'granted', grant })
    // What a client sends whose token is an empty variable.
    for (const header of ['Bearer', 'Bearer ', 'bearer'])
      expect(await testAuthority(open).authenticate(header, 'acme')).toEqual({ kind: 'granted', grant })
    expect(await testAuthority(open).authenticate('Bearer x', 'acme')).toMatchObject({ kind: 'unknown' })
    for (const name of [undefined, 'other', '__proto__', 'constructor', ''])
      expect(await testAuthority(open).authenticate(undefined, name)).toMatchObject({ kind: 'unknown' })
    const closed = githubPolicy(issuer.url, { visibility: 'private', anonymous: 'read-trusted' })
    expect(await testAuthority(closed).authenticate(undefined, 'acme')).toMatchObject({ kind: 'unknown' })
  })

  it('cache-12: tells a session that is over from one that never was', async () => {
    const authority = testAuthority(githubPolicy(issuer.url))
    const token = await sessionOf(authority)
    authority.pass(59 * 60_000)
    expect(await authority.authenticate(`Bearer ${token}`, undefined)).toMatchObject({ kind: 'granted' })
    authority.pass(2 * 60_000)
    expect(await authority.authenticate(`Bearer ${token}`, undefined)).toEqual({ kind: 'expired', workspace: 'acme' })
    expect(await authority.authenticate(`Bearer ${token}`, 'other')).toMatchObject({ kind: 'unknown' })
    const [header = '', payload = '', signature = ''] = token.split('.')
    const longer = Buffer.from(Buffer.from(payload, 'base64url').toString().replace('trusted/main', 'trusted/next')).toString(
      'base64url',
    )
    for (const forged of [
      `${header}.${longer}.${signature}`,
      `${header}.${payload}.`,
      `${header}.${payload}.${signature.slice(0, -4)}AAAA`,
    ])
      expect(await authority.authenticate(`Bearer ${forged}`, undefined)).toMatchObject({ kind: 'unknown' })
  })

  it('cache-12: a session ends when the policy that granted it does', async () => {
    const authority = testAuthority(githubPolicy(issuer.url))
    const token = await sessionOf(authority)
    const same = authority.again()
    expect(await same.authenticate(`Bearer ${token}`, undefined)).toMatchObject({ kind: 'granted' })
    const other = authority.again(githubPolicy(issuer.url, { trusted: { main: 'main' } }))
    expect(await other.authenticate(`Bearer ${token}`, undefined)).toEqual({ kind: 'expired', workspace: 'acme' })
  })

  it('takes sessions of all keys of the ring, and signs with the newest', async () => {
    const policy = githubPolicy(issuer.url)
    const authority = testAuthority(policy)
    const old = await sessionOf(authority)
    const clock = authority.now
    const audit = { append: async () => undefined }
    const rotated = createAuthority({ policy, keys: [...newKeyring(), ...authority.keys], audit, clock })
    expect(await rotated.authenticate(`Bearer ${old}`, undefined)).toMatchObject({ kind: 'granted' })
    expect(await authority.authenticate(`Bearer ${await sessionOf(rotated)}`, undefined)).toMatchObject({ kind: 'unknown' })
  })

  it('verifies a session once, and still ends it in time', async () => {
    const authority = testAuthority(githubPolicy(issuer.url))
    const token = await sessionOf(authority)
    for (let count = 0; count < 300; count += 1)
      expect(await authority.authenticate(`Bearer ${token}`, undefined)).toMatchObject({ kind: 'granted' })
    authority.pass(61 * 60_000)
    expect(await authority.authenticate(`Bearer ${token}`, undefined)).toMatchObject({ kind: 'expired' })
  })

  it('tells strangers nothing about what is pinned', async () => {
    const exchange = await testAuthority(githubPolicy(issuer.url)).exchange(await issuer.github({ repository_id: '9' }))
    expect(JSON.stringify(exchange)).not.toContain('123456')
  })

  it('hands out no session that is not written down', async () => {
    const policy = githubPolicy(issuer.url)
    const append = async (): Promise<void> => Promise.reject(new Error('no space'))
    const authority = createAuthority({ policy, keys: newKeyring(), audit: { append }, clock: Date.now })
    await expect(authority.exchange(await issuer.github())).rejects.toThrow('no space')
  })
})

async function sessionOf(authority: Authority): Promise<string> {
  const exchange = await authority.exchange(await issuer.github())
  if (exchange.kind !== 'granted') throw new Error(exchange.reason)
  return exchange.token
}
