import { type Fault, faultOf } from '../core/fault.ts'
import { type ShieldSettings, unusableText } from '../core/settings.ts'
import type { Granted } from '../core/token-answer.ts'
import type { Agents } from './agents.ts'
import { exchange } from './exchange.ts'

/** What can be shown to the cache now. */
export type Access =
  | { readonly kind: 'open'; readonly authorization: string | undefined }
  | { readonly kind: 'denied'; readonly reason: string }
  | { readonly kind: 'fault'; readonly fault: Fault }

/** The credential of a shield, exchanged and kept fresh. */
export interface Session {
  readonly access: () => Promise<Access>
  /** The cache said that the token which was shown is too old. Resolves with what to show instead. */
  readonly renew: (shown: string | undefined) => Promise<Access>
  /** The cache does not know the token: nobody asks again for a while. */
  readonly deny: (reason: string) => void
  readonly state: () => SessionState
}

/** What may be said about a session: no secret. */
export interface SessionState {
  readonly credential: ShieldSettings['credential']['kind']
  readonly granted: Omit<Granted, 'token'> | undefined
  readonly denied: string | undefined
}

/** The share of its life after which a token is exchanged again. */
const FRESH = 0.8
/** A job may gain a permission, and a server its policy, but not within seconds. */
const DENIED_MS = 60_000

/** `now` counts milliseconds and never jumps. */
export function createSession(settings: ShieldSettings, agents: Agents, now: () => number): Session {
  const { credential } = settings
  let held: { readonly granted: Granted; readonly staleAt: number; readonly deadAt: number } | undefined
  let denied: { readonly reason: string; readonly until: number } | undefined
  let pending: Promise<Access> | undefined

  const exchanged = async (): Promise<Access> => {
    if (credential.kind === 'none') return { kind: 'open', authorization: undefined }
    if (credential.kind === 'unusable') {
      denied = { reason: unusableText(credential.variable), until: now() + DENIED_MS }
      return { kind: 'denied', reason: denied.reason }
    }
    if (credential.kind === 'static') return { kind: 'open', authorization: `Bearer ${credential.token}` }
    try {
      const result = await exchange(agents, settings, credential)
      if (result.kind === 'denied') {
        denied = { reason: result.reason, until: now() + DENIED_MS }
        return result
      }
      const { granted } = result
      const life = granted.expiresIn * 1000
      held = { granted, staleAt: now() + life * FRESH, deadAt: now() + life }
      return { kind: 'open', authorization: `Bearer ${granted.token}` }
    } catch (error) {
      return { kind: 'fault', fault: faultOf(error) }
    }
  }
  const fetched = (): Promise<Access> => {
    pending ??= exchanged().finally(() => (pending = undefined))
    return pending
  }
  return {
    access: async () => {
      if (denied !== undefined && now() < denied.until) return { kind: 'denied', reason: denied.reason }
      denied = undefined
      if (held === undefined || now() >= held.deadAt) return fetched()
      // Nobody waits for a token while the old one is good.
      if (now() >= held.staleAt) void fetched()
      return { kind: 'open', authorization: `Bearer ${held.granted.token}` }
    },
    renew: async (shown) => {
      if (held !== undefined && shown !== `Bearer ${held.granted.token}`)
        return { kind: 'open', authorization: `Bearer ${held.granted.token}` }
      held = undefined
      return fetched()
    },
    deny: (reason) => {
      held = undefined
      denied = { reason, until: now() + DENIED_MS }
    },
    state: () => {
      const { token: _, ...granted } = held?.granted ?? { token: '' }
      return {
        credential: credential.kind,
        granted: held === undefined ? undefined : (granted as Omit<Granted, 'token'>),
        denied: denied?.reason,
      }
    },
  }
}
