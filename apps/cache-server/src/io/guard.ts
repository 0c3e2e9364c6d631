import type { Logger } from 'pino'
import type { Audit } from '../core/access.ts'
import type { ServerConfig } from '../core/config/server-config.ts'
import type { Guard } from './http/parts.ts'
import type { Store } from './store.ts'

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
    inspect: async () => ({ kind: 'opaque' }),
    published: () => undefined,
    divergences: async () => ({ divergences: [] }),
    quota: () => undefined,
    close: async () => undefined,
  }
}
