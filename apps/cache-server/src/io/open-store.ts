import type { Logger } from 'pino'
import type { StoreSection } from '../core/config/store-section.ts'
import { openDiskStore } from './stores/disk/disk-store.ts'
import type { Store } from './store.ts'

export interface StoreWorld {
  readonly log: Logger
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** Opens the store that a configuration describes. */
export async function openStore(section: StoreSection, { log, now }: StoreWorld): Promise<Store> {
  const onEvent = ({ kind, ...detail }: { readonly kind: string }): void => log.warn(detail, `the store says: ${kind}`)
  const { directory, durability } = section as Extract<StoreSection, { kind: 'disk' }>
  return openDiskStore({ directory, durability, now, onEvent })
}
