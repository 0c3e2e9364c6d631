import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Policy } from '../core/policy/schema.ts'
import { policySchema } from '../core/policy/schema.ts'
import { testAuthority } from '../testing/authority.ts'
import { startTestIssuer, type TestIssuer } from '../testing/issuer.ts'
import { githubIssuer } from '../testing/policy.ts'

let issuer: TestIssuer
beforeAll(async () => {
  issuer = await startTestIssuer()
})
afterAll(async () => issuer.close())

/** Two workspaces of one issuer and audience, for two repositories. */
function twoWorkspaces(beta: object = {}): Policy {
  const base = githubIssuer(issuer.url) as object
  const workspaceOf = (more: object): object => ({
    trusted: { main: 'main', next: 'release/next' },
    issuers: [{ ...base, ...more }],
  })
  const pin = { repository_id: '777', repository_owner_id: '65' }
  return policySchema.parse({ workspaces: { acme: workspaceOf({}), beta: workspaceOf({ pin, ...beta }) } })
}

describe('workspaces of one server', () => {
  it('get the tokens of their own repositories', async () => {
    const authority = testAuthority(twoWorkspaces())
    expect(await authority.exchange(await issuer.github())).toMatchObject({ grant: { workspace: 'acme' } })
    const beta = await authority.exchange(await issuer.github({ repository_id: '777' }))
    expect(beta).toMatchObject({ grant: { workspace: 'beta' } })
    const token = beta.kind === 'granted' ? beta.token : ''
    expect(await authority.authenticate(`Bearer ${token}`, 'beta')).toMatchObject({ kind: 'granted' })
    expect(await authority.authenticate(`Bearer ${token}`, 'acme')).toMatchObject({ kind: 'unknown' })
  })

  it('get none that was verified by keys or algorithms of another', async () => {
    for (const other of [{ jwks_uri: 'https://keys.invalid/keys' }, { algorithms: ['ES256'] }]) {
      const exchange = await testAuthority(twoWorkspaces(other)).exchange(await issuer.github({ repository_id: '777' }))
      expect(exchange).toMatchObject({ kind: 'denied' })
    }
  })
})
