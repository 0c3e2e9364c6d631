import type { Logger } from 'pino'
import type { Audit, Authority } from '../../core/access.ts'
import type { Entry, Tool } from '../../core/entry.ts'
import type { DivergenceReport } from '../../core/http/reports.ts'
import type { Staging, Store } from '../store.ts'
import type { DrainLimits } from './body.ts'
import type { Gate } from './gate.ts'
import type { Metrics } from './metrics.ts'
import type { Outage } from './outage.ts'
import type { Signatures } from './signatures.ts'
import type { StallWatch } from './stall.ts'

/** What a server is made of. */
export interface Parts {
  readonly store: Store
  readonly authority: Authority
  readonly audit: Audit
  readonly signatures: Signatures
  readonly guard: Guard
  readonly metrics: Metrics
  readonly log: Logger
  readonly limits: Limits
  readonly gates: { readonly get: Gate; readonly put: Gate }
  readonly stall: StallWatch
  readonly outage: Outage
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Whether the server takes no new work, because it ends now. */
  readonly closing: () => boolean
}

export interface Limits {
  /** Bytes of one artifact. */
  readonly artifact: number
  readonly drain: DrainLimits
  /** Whether nothing may be written, whatever a token says. */
  readonly readOnly: boolean
}

/** What stands between a client and the store, beyond the token. */
export interface Guard {
  /** Makes room for bytes that were declared, or says why there is none. */
  readonly admit: (request: AdmissionRequest) => Promise<Admission>
  /** Looks into staged bytes before anybody may read them. */
  readonly inspect: (tool: Tool, staging: Staging) => Promise<Inspection>
  /** Told about each entry that was published; does its work later. */
  readonly published: (entry: Entry) => void
  /** Told about entries that an administrator took away. */
  readonly removed: (entries: readonly Entry[]) => void
  readonly divergences: (workspace: string) => Promise<DivergenceReport>
}

export interface AdmissionRequest {
  readonly workspace: string
  readonly scope: string
  readonly size: number
}

export type Admission =
  | { readonly kind: 'admitted'; readonly release: () => void }
  | { readonly kind: 'refused'; readonly reason: 'no-space' | 'quota' }

export type Inspection =
  | { readonly kind: 'safe'; readonly content?: string }
  /** Not looked into, because the tool's format is not ours to read. */
  | { readonly kind: 'opaque' }
  | { readonly kind: 'unsafe'; readonly problem: string }
