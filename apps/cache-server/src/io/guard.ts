import type { Logger } from 'pino'
import type { Audit } from '../core/access.ts'
import type { ServerConfig } from '../core/config/server-config.ts'
import type { Tool } from '../core/entry.ts'
import type { InspectionLimits } from '../core/inspect/inspection.ts'
import type { Guard, Inspection } from './http/parts.ts'
import { inspectArtifact } from './inspect-artifact.ts'
import type { Staging, Store } from './store.ts'

export interface OpenGuard extends Guard {
  readonly quota: () => number | undefined
  readonly close: () => Promise<void>
}

export interface GuardWorld {
  readonly config: ServerConfig
  readonly store: Store
  readonly audit: Audit
  readonly log: Logger
  readonly now: () => number
}

/** Part of a disk that is never used: other programs fail in strange ways on a full one. */
const SPARE = 0.05

export async function openGuard({ store }: GuardWorld): Promise<OpenGuard> {
  return {
    admit: async ({ size }) => {
      const free = await store.free()
      const fits = free === undefined || (free.bytes - size > free.totalBytes * SPARE && free.files > 16)
      return fits ? { kind: 'admitted', release: () => undefined } : { kind: 'refused', reason: 'no-space' }
    },
    inspect,
    published: () => undefined,
    divergences: async () => ({ divergences: [] }),
    quota: () => undefined,
    close: async () => undefined,
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
