import type { Grant } from '../access.ts'
import { trustedScope } from '../scope.ts'
import type { TokenKind } from '../tokens.ts'
import type { Policy, Workspace } from './schema.ts'

/** A static token, by its hash, and what it grants. */
export interface KnownToken {
  readonly hash: string
  readonly grant: Grant
}

/** The static tokens of all workspaces. Laptops read what is trusted; operators read nothing. */
export function knownTokens(policy: Policy): Readonly<Record<TokenKind, readonly KnownToken[]>> {
  const workspaces = Object.entries(policy.workspaces)
  const writer = { issuer: 'static' }
  return {
    read: workspaces.flatMap(([workspace, of]) =>
      of.tokens.map(({ hash, name }) => {
        const grant = { workspace, read: trustedScopes(of), rule: `token:${name}`, writer, admin: false }
        return { hash, grant }
      }),
    ),
    admin: workspaces.flatMap(([workspace, of]) =>
      of.admins.map(({ hash, name }) => {
        const grant = { workspace, read: [], rule: `admin:${name}`, writer, admin: true }
        return { hash, grant }
      }),
    ),
  }
}

/** What who has no token may do in a workspace; `undefined` when that is nothing. */
export function anonymousGrant(policy: Policy, name: string): Grant | undefined {
  const workspace = Object.hasOwn(policy.workspaces, name) ? policy.workspaces[name] : undefined
  if (workspace?.anonymous !== 'read-trusted' || workspace.visibility !== 'public') return undefined
  return { workspace: name, read: trustedScopes(workspace), rule: 'anonymous', writer: { issuer: 'anonymous' }, admin: false }
}

function trustedScopes(workspace: Workspace): readonly string[] {
  return Object.keys(workspace.trusted).map(trustedScope)
}
