import type { Divergence } from '../divergence/divergence.ts'
import type { ScopeClass } from '../entry.ts'

/** `GET /v1/admin/divergences`. */
export interface DivergenceReport {
  readonly divergences: readonly Divergence[]
}

/** What the server knows about itself: `GET /v1/status`, and the page. Counters begin when the process does. */
export interface StatusReport {
  readonly store: 'disk' | 's3'
  /** Seconds. */
  readonly uptime: number
  readonly draining: boolean
  readonly readOnly: boolean
  readonly hits: number
  readonly misses: number
  readonly stored: number
  readonly duplicates: number
  readonly denials: number
  readonly faults: number
  readonly evictions: number
  readonly divergences: number
  /** What is stored, by class of scope: as last counted, with what this server changed since; absent before the first count. */
  readonly usage: Usage | undefined
  /** Seconds since that count. */
  readonly usageAge: number | undefined
}

export interface Usage {
  readonly counted: number
  readonly classes: Readonly<Record<ScopeClass, ClassUsage>>
}

export interface ClassUsage {
  readonly entries: number
  readonly bytes: number
}
