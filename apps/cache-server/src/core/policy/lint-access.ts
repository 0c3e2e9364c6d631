import type { Flaw } from './lint.ts'
import type { Issuer, Policy } from './schema.ts'

/** Unsafe shapes of who may come in, within a workspace and between workspaces. */
export function accessFindings(policy: Policy): readonly Flaw[] {
  return [...anonymousFlaws(policy), ...tokenFlaws(policy), ...issuerPairFlaws(policy)]
}

function anonymousFlaws(policy: Policy): readonly Flaw[] {
  return Object.entries(policy.workspaces).flatMap(([name, { anonymous, visibility, trusted }]): Flaw[] => {
    if (anonymous === 'none') return []
    const path = ['workspaces', name, 'anonymous']
    if (visibility === 'private') {
      const why = 'everybody who reaches the cache could read what is built from private code'
      return [{ id: 'anonymous-private', path, why, instead: 'anonymous: none, or visibility: public where the code is' }]
    }
    if (Object.keys(trusted).length > 0) return []
    const why = 'the workspace has no trusted scope'
    return [{ id: 'anonymous-reads-nothing', path, why, instead: 'trusted: { main: main }' }]
  })
}

function tokenFlaws(policy: Policy): readonly Flaw[] {
  const seen = new Map<string, string>()
  const all = Object.entries(policy.workspaces).flatMap(([workspace, { tokens, admins }]) =>
    (['tokens', 'admins'] as const).flatMap((key) =>
      (key === 'tokens' ? tokens : admins).map(({ hash, name }, index) => ({
        hash,
        owner: `${name} of ${workspace}`,
        path: ['workspaces', workspace, key, index, 'hash'],
      })),
    ),
  )
  return all.flatMap(({ hash, owner, path }): Flaw[] => {
    const other = seen.get(hash)
    if (other === undefined) {
      seen.set(hash, owner)
      return []
    }
    const why = `it is the token of ${other} too, so neither can be taken back alone`
    return [{ id: 'token-shared', path, why, instead: 'a token of its own' }]
  })
}

interface PlacedIssuer {
  readonly issuer: Issuer
  readonly workspace: string
  readonly path: Flaw['path']
}

/** Every issuer against those before it: a token must have one set of keys, and one workspace. */
function issuerPairFlaws(policy: Policy): readonly Flaw[] {
  const all = Object.entries(policy.workspaces).flatMap(([workspace, { issuers }]) =>
    issuers.map((issuer, index): PlacedIssuer => ({ issuer, workspace, path: ['workspaces', workspace, 'issuers', index] })),
  )
  return all.flatMap((later, index) => {
    const twins = all.slice(0, index).filter(({ issuer }) => issuer.iss === later.issuer.iss)
    const keys = twins.find(({ issuer }) => keysOf(issuer) !== keysOf(later.issuer))
    const same = twins.find(({ issuer }) => issuer.aud === later.issuer.aud && overlap(issuer.pin, later.issuer.pin))
    const flaws: Flaw[] = []
    if (keys !== undefined) {
      const why = `workspace "${keys.workspace}" gives ${later.issuer.iss} other keys or algorithms`
      flaws.push({ id: 'issuer-keys-differ', path: later.path, why, instead: 'the same jwks_uri and algorithms in both' })
    }
    if (same !== undefined) {
      const why = `a token could fit workspace "${same.workspace}" and this one: nothing that both pin differs`
      flaws.push({
        id: 'ambiguous-workspace',
        path: later.path,
        why,
        instead: 'another audience, or the id of another repository',
      })
    }
    return flaws
  })
}

function keysOf({ jwks_uri: place, algorithms }: Issuer): string {
  return JSON.stringify([place ?? '', [...algorithms].sort()])
}

/** Whether one token can have both pins. */
function overlap(left: Issuer['pin'], right: Issuer['pin']): boolean {
  return Object.entries(left).every(([claim, value]) => right[claim] === undefined || right[claim] === value)
}
