import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { storeContract, type StoreHarness } from '../../../testing/store-contract.ts'
import { putBytes, sampleBytes, sampleEntry, sampleKey, stageBytes } from '../../../testing/store-samples.ts'
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

describe('disk', () => {
  it('tells one of many that remove a key at the same time that it did so, and one of many that change its state', async () => {
    const harness = await makeStore()
    const [store] = harness.stores()
    await putBytes(store, sampleKey(), sampleBytes('once', 10))
    const changed = await Promise.all(Array.from({ length: 20 }, async () => store.setState([sampleKey()], 'quarantined')))
    expect(changed.flat()).toHaveLength(1)
    const removed = await Promise.all(Array.from({ length: 20 }, async () => store.remove([sampleKey()])))
    expect(removed.flat()).toHaveLength(1)
    await harness.dispose()
  })

  it('refuses work once it is closed, and closing again changes nothing', async () => {
    const harness = await makeStore()
    const [store] = harness.stores()
    await store.close()
    await store.close()
    await expect(store.stage(1)).rejects.toMatchObject({ name: 'StoreFault', reason: 'unavailable' })
    await expect(store.remove([sampleKey()])).rejects.toMatchObject({ name: 'StoreFault', reason: 'unavailable' })
    await harness.dispose()
  })

  it('takes no row that does not describe its bytes, and no upload of another store', async () => {
    const harness = await makeStore()
    const [store] = harness.stores()
    const bytes = sampleBytes('bytes', 100)
    const unfinished = await stageBytes(store, bytes)
    await expect(store.publish(unfinished, sampleEntry(sampleKey(), bytes, 'job'))).rejects.toThrow('does not describe')
    await unfinished.discard()
    const staging = await stageBytes(store, bytes)
    await staging.finish()
    await expect(store.publish(staging, sampleEntry(sampleKey(), sampleBytes('other', 100), 'job'))).rejects.toThrow(
      'does not describe',
    )
    await staging.discard()
    const { write, finish, read, discard } = staging
    const foreign = { write, finish, read, discard }
    await expect(store.publish(foreign, sampleEntry(sampleKey(), bytes, 'job'))).rejects.toThrow('staged in another store')
    expect(await store.find(sampleKey())).toBeUndefined()
    await harness.dispose()
  })
})
