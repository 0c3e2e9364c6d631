import { hash, timingSafeEqual } from 'node:crypto'
import type { Authority, Grant } from '../core/access.ts'

/** The workspace of a server that has no policy. */
export const LOCAL_WORKSPACE = 'local'

/** Who may do what on a server without a policy: whoever has the token, everything. It must not leave the machine. */
export function createLocalAuthority(token: string): Authority {
  const expected = digestOf(`Bearer ${token}`)
  const grant: Grant = {
    workspace: LOCAL_WORKSPACE,
    read: ['trusted/local'],
    write: 'trusted/local',
    rule: 'local',
    writer: { issuer: 'local' },
    admin: true,
  }
  return {
    authenticate: async (authorization, workspace) => {
      if (authorization === undefined) return { kind: 'unknown', reason: 'a token is needed' }
      if (!timingSafeEqual(digestOf(authorization), expected)) return { kind: 'unknown', reason: 'this token is not known here' }
      if (workspace !== undefined && workspace !== LOCAL_WORKSPACE)
        return { kind: 'unknown', reason: 'there is no such workspace' }
      return { kind: 'granted', grant }
    },
    exchange: async () => ({ kind: 'denied', reason: 'this server has no policy, so it takes no identity tokens' }),
  }
}

function digestOf(text: string): Buffer {
  return hash('sha256', text, 'buffer')
}
