import type { Logger } from 'pino'
import type { Audit } from '../core/access.ts'
import type { Divergence } from '../core/divergence/divergence.ts'
import type { Tool } from '../core/entry.ts'
import type { Usage } from '../core/http/reports.ts'
import type { InspectionLimits } from '../core/inspect/inspection.ts'
import { quotaLimits } from '../core/quota/limits.ts'
import { scopeClassOf } from '../core/scope.ts'
import { type Census, openCensus } from './census.ts'
import { openEvictor } from './evictor.ts'
import type { Metrics } from './http/metrics.ts'
import type { Guard, Inspection } from './http/parts.ts'
import { inspectArtifact } from './inspect-artifact.ts'
import type { Staging, Store } from './store.ts'

export interface OpenGuard extends Guard {
  /** Bytes that may be stored; absent where there is no bound. */
  readonly quota: () => number | undefined
  readonly usage: () => Usage | undefined
  readonly close: () => Promise<void>
}

export interface GuardOptions {
  readonly store: Store
  readonly audit: Pick<Audit, 'append'>
  readonly metrics: Pick<Metrics, 'diverged' | 'evicted'>
  readonly log: Logger
  /** Milliseconds since the epoch, of a clock that nobody sets. */
  readonly now: () => number
  /** What the configuration says. */
  readonly quota: number | undefined
}

const MINUTE = 60_000
/** Each row of a bucket costs a request, of every replica. */
const CENSUS = { disk: MINUTE, s3: 60 * MINUTE }

/** Opens what watches over a store: its room, what comes in, and what differs between scopes. */
export async function openGuard({ store, audit, metrics, log, now, quota }: GuardOptions): Promise<OpenGuard> {
  const limits = quotaLimits(quota, await store.free())
  const fault = (error: unknown): void => log.warn({ message: messageOf(error) }, 'room could not be made')
  let census: Census | undefined
  const evictor = await openEvictor({
    store,
    limits,
    now,
    onEvicted: (entries, reason) => {
      metrics.evicted(reason, entries.length)
      census?.removed(entries)
    },
    onFault: fault,
  })
  const onDivergence = ({ workspace, tool, hash, scopes }: Divergence): void => {
    metrics.diverged(1)
    const names = scopes.map(({ scope }) => scope)
    log.warn({ workspace, tool, scopes: names }, 'one hash has two contents: not reproducible, or poisoned')
    audit.append({ kind: 'divergence', workspace, detail: { tool, hash, scopes: names } }).catch(fault)
  }
  const opened = openCensus({ store, now, every: CENSUS[store.kind], log, onDivergence })
  census = opened
  return {
    admit: async ({ workspace, scope, size }) =>
      evictor.admit({ workspace, scope, scopeClass: scopeClassOf(scope) ?? 'pr' }, size),
    inspect,
    published: (entry) => {
      evictor.published(entry)
      opened.published(entry)
    },
    removed: (entries) => {
      evictor.removed(entries)
      opened.removed(entries)
    },
    divergences: async (workspace) => ({ divergences: await opened.divergences(workspace) }),
    quota: () => (Number.isFinite(limits.maxBytes) ? limits.maxBytes : undefined),
    usage: opened.usage,
    close: async () => {
      opened.close()
      await evictor.close()
    },
  }
}

/** What an artifact of Nx may unpack to; a build that needs more is better off without a cache. */
const INSPECTION: InspectionLimits = { maxEntries: 100_000, maxInflated: 8 * 2 ** 30, maxRatio: 200 }

/**
 * Looks into the tar.gz of Nx. The others stay closed: Turborepo writes tar.zst, which Node 20 cannot read, and signs it by
 * itself; sccache writes a format of its own, and unpacks what a compiler would have written.
 */
export async function inspect(tool: Tool, staging: Staging): Promise<Inspection> {
  if (tool !== 'nx') return { kind: 'opaque' }
  const found = await inspectArtifact(await staging.read(), { tool, limits: INSPECTION })
  return found.kind === 'safe'
    ? { kind: 'safe', content: found.content }
    : { kind: 'unsafe', problem: `${found.where}: ${found.reason}` }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
