import type { Logger } from 'pino'
import type { StoreSection } from '../core/config/store-section.ts'
import type { Store } from './store.ts'

export interface StoreWorld {
  readonly log: Logger
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** Opens the store that a configuration describes. Each kind is loaded when it is needed: the SDK of S3 is large. */
export async function openStore(section: StoreSection, { log, now }: StoreWorld): Promise<Store> {
  const onEvent = ({ kind, ...detail }: { readonly kind: string }): void => log.warn(detail, `the store says: ${kind}`)
  return section.kind === 'disk'
    ? (await import('./stores/disk/disk-store.ts')).openDiskStore({ ...section, now, onEvent })
    : (await import('./stores/s3/s3-store.ts')).openS3Store({ section, now, onEvent })
}
