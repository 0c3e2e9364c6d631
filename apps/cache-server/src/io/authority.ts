import { hash } from 'node:crypto'
import type { Audit, Authentication, Authority } from '../core/access.ts'
import type { Policy } from '../core/policy/schema.ts'
import { anonymousGrant, knownTokens, type KnownToken } from '../core/policy/static-grants.ts'
import { workspaceMark } from '../core/session.ts'
import { findToken, tokenKind } from '../core/tokens.ts'
import { createExchange } from './exchange.ts'
import type { Keyring } from './keyring.ts'
import { readSession, type SessionReading } from './session.ts'

export interface AuthorityOptions {
  /** A policy in which `lintPolicy` found nothing. */
  readonly policy: Policy
  /** Keys of session tokens, which all replicas share. */
  readonly keys: Keyring
  readonly audit: Pick<Audit, 'append'>
  /** Milliseconds since the epoch. */
  readonly clock: () => number
}

export interface PolicyAuthority extends Authority {
  /** For every issuer, how old its keys are in milliseconds; `undefined` when they never came. */
  readonly keyAges: () => Readonly<Record<string, number | undefined>>
}

/** Who may do what, by a policy: session tokens, static tokens, and nobody in particular. */
export function createAuthority({ policy, keys, audit, clock }: AuthorityOptions): PolicyAuthority {
  const marks = new Map(Object.entries(policy.workspaces).map(([name, workspace]) => [name, workspaceMark(workspace)]))
  const known = knownTokens(policy)
  const sessions = rememberedSessions()
  const { exchange, keyAges } = createExchange({ policy, keys, audit, clock, marks })

  const ofSession = async (token: string): Promise<Authentication> => {
    const now = clock()
    const remembered = sessions.find(token, now)
    if (remembered !== undefined) return { kind: 'granted', grant: remembered.grant }
    const session = await readSession(keys, token, now)
    if (session.kind === 'forged') return { kind: 'unknown', reason: 'the token is none of this cache' }
    const { workspace } = session.grant
    if (session.kind === 'expired' || marks.get(workspace) !== session.policy) return { kind: 'expired', workspace }
    sessions.remember(token, session)
    return { kind: 'granted', grant: session.grant }
  }
  const authenticate: Authority['authenticate'] = async (authorization, workspace) => {
    // A client whose token is an empty variable sends the scheme alone.
    if (authorization === undefined || /^bearer *$/iu.test(authorization)) return ofNobody(policy, workspace)
    const token = bearerOf(authorization)
    if (token === undefined) return { kind: 'unknown', reason: 'the header holds no bearer token' }
    const kind = tokenKind(token)
    return inWorkspace(kind === undefined ? await ofSession(token) : ofStaticToken(token, known[kind]), workspace)
  }
  return { authenticate, exchange, keyAges }
}

function ofStaticToken(token: string, known: readonly KnownToken[]): Authentication {
  const found = findToken(token, known)
  return found === undefined
    ? { kind: 'unknown', reason: 'no workspace knows the token' }
    : { kind: 'granted', grant: found.grant }
}

function ofNobody(policy: Policy, workspace: string | undefined): Authentication {
  const grant = workspace === undefined ? undefined : anonymousGrant(policy, workspace)
  return grant === undefined ? { kind: 'unknown', reason: 'a token is needed' } : { kind: 'granted', grant }
}

/** A token opens its own workspace only. */
function inWorkspace(authentication: Authentication, workspace: string | undefined): Authentication {
  if (authentication.kind === 'unknown' || workspace === undefined) return authentication
  const own = authentication.kind === 'granted' ? authentication.grant.workspace : authentication.workspace
  return own === workspace ? authentication : { kind: 'unknown', reason: 'the token is of another workspace' }
}

function bearerOf(authorization: string): string | undefined {
  return /^bearer +(?<token>[\w.~+/-]+=*) *$/iu.exec(authorization)?.groups?.['token']
}

/** Verifying a signature for each of a job's hundreds of requests would cost more than serving them. */
const MOST_SESSIONS = 10_000

function rememberedSessions(): {
  readonly find: (token: string, now: number) => SessionReading | undefined
  readonly remember: (token: string, session: SessionReading) => void
} {
  const sessions = new Map<string, SessionReading>()
  const keyOf = (token: string): string => hash('sha256', token, 'base64')
  return {
    find: (token, now) => {
      const found = sessions.get(keyOf(token))
      return found !== undefined && found.expires > now ? found : undefined
    },
    remember: (token, session) => {
      const [oldest] = sessions.keys()
      if (sessions.size >= MOST_SESSIONS && oldest !== undefined) sessions.delete(oldest)
      sessions.set(keyOf(token), session)
    },
  }
}
