import type { Authority, Grant } from '../core/access.ts'

/** What each token of a test opens; `expired` are authentic and too old. */
export interface TestTokens {
  readonly tokens: Readonly<Record<string, Partial<Grant>>>
  readonly expired?: readonly string[]
}

/** An authority whose tokens are plain words, for tests of what a server does with a grant. */
export function tokenAuthority({ tokens, expired = [] }: TestTokens): Authority {
  return {
    authenticate: async (authorization, workspace) => {
      const token = authorization?.replace(/^Bearer /u, '') ?? ''
      if (expired.includes(token)) return { kind: 'expired', workspace: 'acme' }
      const found = Object.hasOwn(tokens, token) ? tokens[token] : undefined
      if (found === undefined) return { kind: 'unknown', reason: 'no such token' }
      const grant: Grant = { workspace: 'acme', read: [], rule: token, writer: { issuer: 'test' }, admin: false, ...found }
      if (workspace !== undefined && workspace !== grant.workspace) return { kind: 'unknown', reason: 'of another workspace' }
      return { kind: 'granted', grant }
    },
    exchange: async () => ({ kind: 'invalid', reason: 'none is taken here' }),
  }
}

export const MAIN: Partial<Grant> = { read: ['trusted/main'], write: 'trusted/main' }
export const READER: Partial<Grant> = { read: ['trusted/main'] }
export const PULL_A: Partial<Grant> = { read: ['trusted/main', 'pr/a'], write: 'pr/a' }
export const PULL_B: Partial<Grant> = { read: ['trusted/main', 'pr/b'], write: 'pr/b' }
