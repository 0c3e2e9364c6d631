import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { getBytes, putBytes, sampleBytes, sampleKey } from '../../../testing/store-samples.ts'
import type { Store } from '../../store.ts'
import { openDiskStore } from './disk-store.ts'
import { createMemory } from './memory.ts'

let directory: string
let store: Store
let time: number
const open = async (): Promise<void> => {
  store = await openDiskStore({ directory, durability: 'none', now: () => time, onEvent: () => undefined })
}
const lines = async (): Promise<string[]> => (await readFile(join(directory, 'index.journal'), 'utf8')).trimEnd().split('\n')
const usedOf = async (hash: string): Promise<number | undefined> => {
  for await (const entry of store.entries()) if (entry.hash === hash) return entry.used
  return undefined
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  directory = await mkdtemp(join(tmpdir(), 'interlock-upkeep-'))
  time = 1000
  await open()
})
afterEach(async () => {
  await store.close()
  vi.useRealTimers()
  await rm(directory, { recursive: true, force: true })
})

describe('the times of last use', () => {
  it('are known at once, and written for many reads at a time', async () => {
    for (const hash of ['1', '2']) await putBytes(store, sampleKey({ hash }), sampleBytes(hash, 100))
    const before = (await lines()).length
    for (time = 2000; time < 2500; time += 1) await getBytes(store, sampleKey({ hash: '1' }))
    expect(await usedOf('1')).toBe(2499)
    expect(await usedOf('2')).toBe(1000)
    expect(await lines()).toHaveLength(before)
    vi.advanceTimersByTime(60_000)
    await vi.waitFor(async () => expect(await lines()).toHaveLength(before + 1))
  })

  it('survive a restart, and never go back', async () => {
    await putBytes(store, sampleKey({ hash: '1' }), sampleBytes('1', 100))
    time = 5000
    await getBytes(store, sampleKey({ hash: '1' }))
    await store.close()
    await open()
    expect(await usedOf('1')).toBe(5000)
    time = 10
    await getBytes(store, sampleKey({ hash: '1' }))
    expect(await usedOf('1')).toBe(5000)
  })
})

describe('the index', () => {
  it('becomes shorter when most of its lines say nothing any more, and says the same', async () => {
    const key = sampleKey({ hash: 'kept' })
    await putBytes(store, key, sampleBytes('kept', 100))
    for (let round = 0; round < 5200; round += 40) {
      await Promise.all(Array.from({ length: 40 }, async (_, index) => toggle(round + index)))
    }
    expect((await lines()).length).toBeGreaterThan(10_400)
    vi.advanceTimersByTime(60_000)
    await vi.waitFor(async () => expect((await lines()).length).toBeLessThan(10), { timeout: 20_000 })
    await putBytes(store, sampleKey({ hash: 'later' }), sampleBytes('later', 100))
    await store.close()
    await open()
    expect(await getBytes(store, key)).toEqual(sampleBytes('kept', 100))
    expect(await getBytes(store, sampleKey({ hash: 'later' }))).toEqual(sampleBytes('later', 100))
    expect(await store.find(sampleKey({ hash: 'round 1' }))).toBeUndefined()
    await expect(stat(join(directory, 'index.journal.next'))).rejects.toThrow('ENOENT')
  })

  const toggle = async (round: number): Promise<void> => {
    const key = sampleKey({ hash: `round ${round}` })
    await putBytes(store, key, Buffer.alloc(0))
    await store.remove([key])
  }
})

describe('small artifacts in memory', () => {
  it('are held up to a bound, and the one unused longest goes first', () => {
    const memory = createMemory(3 * (1000 + 256))
    for (const name of ['a', 'b', 'c']) memory.set(name, Buffer.alloc(1000))
    expect(memory.get('a')).toBeDefined()
    memory.set('d', Buffer.alloc(1000))
    expect(['a', 'b', 'c', 'd'].filter((name) => memory.get(name) !== undefined)).toEqual(['a', 'c', 'd'])
    memory.delete('a')
    memory.delete('a')
    memory.set('c', Buffer.alloc(1000))
    memory.set('b', Buffer.alloc(1000))
    expect(['a', 'b', 'c', 'd'].filter((name) => memory.get(name) !== undefined)).toEqual(['b', 'c', 'd'])
    for (let count = 0; count < 100; count += 1) memory.set(`empty ${count}`, Buffer.alloc(0))
    expect(memory.get('b')).toBeUndefined()
  })

  it('are not handed out any more once their row is gone, or their bytes belong to somebody else', async () => {
    await putBytes(store, sampleKey(), sampleBytes('one', 100))
    const entry = await store.find(sampleKey())
    expect(await getBytes(store, sampleKey())).toBeDefined()
    await store.remove([sampleKey()])
    expect(await store.read(entry!)).toBeUndefined()
    await putBytes(store, sampleKey(), sampleBytes('two', 100))
    expect(await store.read(entry!)).toBeUndefined()
  })
})
