import { mkdtemp, readdir, readlink, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { putBytes, sampleBytes, sampleKey } from '../../../testing/store-samples.ts'
import { recycleChunk } from '../../chunk-pool.ts'
import type { Store } from '../../store.ts'
import { openDiskStore } from './disk-store.ts'

const SIZE = 3_000_000
let directory: string
let store: Store
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'interlock-read-'))
  store = await openDiskStore({ directory, durability: 'none', now: () => 1, onEvent: () => undefined })
})
afterEach(async () => {
  await store.close()
  await rm(directory, { recursive: true, force: true })
})

async function streamOf(text: string): Promise<Readable> {
  const entry = await store.find(sampleKey({ hash: text }))
  return (await store.read(entry!)) as Readable
}

/** Files of the store that this process has open; `/proc` is of Linux. */
async function openFiles(): Promise<string[]> {
  const numbers = await readdir('/proc/self/fd')
  const paths = await Promise.all(numbers.map(async (number) => readlink(`/proc/self/fd/${number}`).catch(() => '')))
  return paths.filter((path) => path.startsWith(join(directory, 'blobs')))
}

describe('the bytes of a large artifact', () => {
  it('are not mixed up between readers that give their chunks back', async () => {
    const texts = ['one', 'two', 'three', 'four']
    for (const text of texts) await putBytes(store, sampleKey({ hash: text }), sampleBytes(text, SIZE))
    const read = async (text: string): Promise<boolean> => {
      const pieces: Buffer[] = []
      for await (const chunk of await streamOf(text)) {
        await new Promise((resolve) => setImmediate(resolve))
        pieces.push(Buffer.from(chunk as Buffer))
        recycleChunk(chunk as Buffer)
      }
      return Buffer.concat(pieces).equals(sampleBytes(text, SIZE))
    }
    const all = await Promise.all(Array.from({ length: 40 }, async (_, index) => read(texts[index % 4]!)))
    expect(all.every(Boolean)).toBe(true)
  })

  it.skipIf(process.platform !== 'linux')('leave no file open when the reader goes away, at once or in the middle', async () => {
    await putBytes(store, sampleKey({ hash: 'one' }), sampleBytes('one', SIZE))
    const [never, middle, whole] = [await streamOf('one'), await streamOf('one'), await streamOf('one')]
    expect(await openFiles()).toHaveLength(3)
    never.destroy()
    middle.once('data', () => middle.destroy())
    whole.resume()
    await vi.waitFor(async () => expect(await openFiles()).toEqual([]))
    expect([never, middle, whole].map(({ errored }) => errored)).toEqual([null, null, null])
  })
})
