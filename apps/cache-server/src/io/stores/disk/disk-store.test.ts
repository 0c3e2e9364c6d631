import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { storeContract, type StoreHarness } from '../../../testing/store-contract.ts'
import type { Store } from '../../store.ts'
import { openDiskStore } from './disk-store.ts'

const makeStore = async (): Promise<StoreHarness> => {
  const directory = await mkdtemp(join(tmpdir(), 'interlock-store-'))
  const open = async (): Promise<Store> =>
    openDiskStore({ directory, durability: 'none', now: () => Date.now(), onEvent: () => undefined })
  let store = await open()
  return {
    stores: () => [store],
    reopen: async () => {
      await store.close()
      store = await open()
    },
    dispose: async () => {
      await store.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

storeContract('disk', makeStore, 150)
