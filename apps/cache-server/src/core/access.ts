import type { SignedEntry } from '@interlock/cache/wire'
import type { Writer } from './entry.ts'

/** What the bearer of a token may do. Decided by the policy from signed claims; never by what a client says about itself. */
export interface Grant {
  readonly workspace: string
  /** Scopes in the order in which they are looked at: trusted first. */
  readonly read: readonly string[]
  /** The one scope that may be written; absent for readers. */
  readonly write?: string
  /** The rule that matched, or the name of the static token: for audit and `explain`. */
  readonly rule: string
  readonly writer: Writer
  /** Whether the administrative requests (purge, quarantine, listings) are allowed, for this workspace. */
  readonly admin: boolean
}

/** What a request's `Authorization` says. */
export type Authentication =
  | { readonly kind: 'granted'; readonly grant: Grant }
  /** Authentic but too old: the session goes on without the cache. */
  | { readonly kind: 'expired'; readonly workspace: string }
  /** Forged, unknown or absent where it is needed. */
  | { readonly kind: 'unknown'; readonly reason: string }

/** Who decides about tokens. */
export interface Authority {
  /** `workspace` is the one of the path, when it names one: it must be that of the token, or one that anonymous may read. */
  readonly authenticate: (authorization: string | undefined, workspace: string | undefined) => Promise<Authentication>
  /** Writes its own lines into the audit, also for what it refuses: callers add none. */
  readonly exchange: (subjectToken: string) => Promise<Exchange>
}

/** Signs rows of the index, so that nobody who can write the medium can move bytes to another name. */
export interface Signer {
  /** The public key as base64url of its 32 bytes: what a repository pins. */
  readonly publicKey: string
  /** Base64url Ed25519 signature of `signedText`. */
  readonly sign: (entry: SignedEntry) => string
  /** Whether a signature was made by this key, or by one that it replaced. */
  readonly verify: (entry: SignedEntry, signature: string) => boolean
}

/** What became of an identity token. */
export type Exchange =
  | { readonly kind: 'granted'; readonly token: string; readonly expiresIn: number; readonly grant: Grant }
  /** The token is not authentic, not for this cache, too old, not yet valid or was used before. */
  | { readonly kind: 'invalid'; readonly reason: string }
  /** The token is authentic, and no rule grants it anything. */
  | { readonly kind: 'denied'; readonly reason: string }

/** Things that are written down for good. `at` is milliseconds since the epoch. */
export interface AuditEvent {
  readonly kind: 'deny' | 'divergence' | 'exchange' | 'policy-change' | 'purge' | 'put' | 'quarantine' | 'start'
  readonly workspace?: string
  readonly detail: Readonly<Record<string, string | number | boolean | readonly string[]>>
}

export interface Audit {
  /** Resolves once the line is in the file. */
  readonly append: (event: AuditEvent) => Promise<void>
  readonly close: () => Promise<void>
}
