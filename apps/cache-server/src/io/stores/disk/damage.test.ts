import { appendFile, mkdtemp, open as openFile, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { encodeRecord } from '../../../core/journal/record.ts'
import { getBytes, putBytes, sampleBytes, sampleEntry, sampleKey } from '../../../testing/store-samples.ts'
import type { Store } from '../../store.ts'
import { openDiskStore } from './disk-store.ts'
import type { DiskEvent } from './events.ts'

let directory: string
let store: Store
let events: DiskEvent[]
const open = async (): Promise<void> => {
  events = []
  store = await openDiskStore({ directory, durability: 'fdatasync', now: () => 5, onEvent: (event) => events.push(event) })
}
const reopen = async (): Promise<void> => {
  await store.close()
  await open()
}
const SIZES = [100, 2_000_000]
const one = sampleKey({ hash: '1' })
const two = sampleKey({ hash: '2' })
const journal = (): string => join(directory, 'index.journal')
const blobOf = (bytes: Buffer): string => {
  const { digest } = sampleEntry(one, bytes, '')
  return join(directory, 'blobs', 'sha256', digest.slice(0, 2), digest)
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'interlock-damage-'))
  await open()
})
afterEach(async () => {
  await store.close()
  await rm(directory, { recursive: true, force: true })
})

/** Turns one bit of a file round, and sets its times back to what they were. */
async function flipBit(path: string, at: number): Promise<void> {
  const { atime, mtime } = await stat(path)
  const file = await openFile(path, 'r+')
  const byte = Buffer.alloc(1)
  await file.read(byte, 0, 1, at)
  await file.write(Buffer.from([byte[0]! ^ 1]), 0, 1, at)
  await file.close()
  await utimes(path, atime, mtime)
}

describe('bytes that are not what was written', () => {
  it.each(SIZES)(
    'cache-32: one bit of %i bytes is noticed after a restart; all rows of it go, and the next upload heals',
    async (size) => {
      const bytes = sampleBytes('flip', size)
      for (const key of [one, two]) await putBytes(store, key, bytes)
      await store.close()
      await flipBit(blobOf(bytes), size - 1)
      await open()
      expect(await getBytes(store, one)).toBeUndefined()
      expect(await store.find(two)).toBeUndefined()
      expect(events).toContainEqual({ kind: 'bytes-damaged', digest: sampleEntry(one, bytes, '').digest, keys: [one, two] })
      expect(await putBytes(store, one, bytes)).toBe('published')
      expect((await getBytes(store, one))?.equals(bytes)).toBe(true)
    },
  )

  it('cache-32: one bit is noticed while the server runs, although the times of the file were put back', async () => {
    const bytes = sampleBytes('flip', 2_000_000)
    await putBytes(store, one, bytes)
    expect((await getBytes(store, one))?.equals(bytes)).toBe(true)
    await flipBit(blobOf(bytes), 350_000)
    expect(await getBytes(store, one)).toBeUndefined()
    expect(await store.find(one)).toBeUndefined()
  })

  it('cache-32: the bytes of another artifact in the place of a blob are not handed out', async () => {
    const [mine, theirs] = [sampleBytes('mine', 2_000_000), sampleBytes('evil', 2_000_000)]
    await putBytes(store, one, mine)
    await writeFile(blobOf(mine), theirs)
    expect(await getBytes(store, one)).toBeUndefined()
  })

  it.each(SIZES)('cache-25: a blob of %i bytes that a power cut left empty, short or full of zeros is absent', async (size) => {
    for (const [index, spoil] of [
      async (path: string) => truncate(path, 0),
      async (path: string) => truncate(path, size - 1),
      async (path: string) => writeFile(path, Buffer.alloc(size)),
      async (path: string) => appendFile(path, 'x'),
    ].entries()) {
      const bytes = sampleBytes(`power ${index}`, size)
      const key = sampleKey({ hash: `power-${index}` })
      await putBytes(store, key, bytes)
      await store.close()
      await spoil(blobOf(bytes))
      await open()
      expect(await getBytes(store, key)).toBeUndefined()
      expect(await store.find(key)).toBeUndefined()
      expect(await putBytes(store, key, bytes)).toBe('published')
    }
  })

  it('a publisher who brings the same bytes under another key puts a damaged blob right', async () => {
    const bytes = sampleBytes('heal', 2_000_000)
    await putBytes(store, one, bytes)
    await flipBit(blobOf(bytes), 7)
    await putBytes(store, two, bytes)
    expect((await getBytes(store, one))?.equals(bytes)).toBe(true)
    expect((await getBytes(store, two))?.equals(bytes)).toBe(true)
  })

  it('a row whose blob is gone is dropped when it is read, and by the sweep of the next start', async () => {
    for (const key of [one, two]) await putBytes(store, key, sampleBytes(key.hash, 2_000_000))
    await rm(blobOf(sampleBytes('1', 2_000_000)))
    expect(await getBytes(store, one)).toBeUndefined()
    expect(await store.find(one)).toBeUndefined()
    await store.close()
    await rm(blobOf(sampleBytes('2', 2_000_000)))
    await open()
    await vi.waitFor(async () => expect(await store.find(two)).toBeUndefined())
    expect(events).toMatchObject([{ kind: 'bytes-missing', keys: [two] }])
  })

  it('cache-25: a row of no bytes outlives the file of them, because it may say which bytes are blocked', async () => {
    const [none, empty] = [Buffer.alloc(0), sampleKey({ scope: 'blocked/digests' })]
    await putBytes(store, empty, none)
    await putBytes(store, one, sampleBytes('1', 100))
    await store.close()
    for (const bytes of [none, sampleBytes('1', 100)]) await rm(blobOf(bytes))
    await open()
    await vi.waitFor(async () => expect(await store.find(one)).toBeUndefined())
    expect(await getBytes(store, empty)).toEqual(none)
    await reopen()
    expect(await store.find(empty)).toBeDefined()
  })

  it('cache-24: a blob without a row is removed by the sweep, and one with a row is not', async () => {
    const [orphan, kept] = [sampleBytes('orphan', 100), sampleBytes('kept', 100)]
    await putBytes(store, one, orphan)
    await putBytes(store, two, kept)
    const lines = (await readFile(journal(), 'utf8')).split('\n')
    await store.close()
    await writeFile(journal(), lines.filter((line) => !line.includes('"hash":"1"')).join('\n'))
    await open()
    await vi.waitFor(async () => expect(await readdir(join(blobOf(orphan), '..'))).toEqual([]))
    expect(await getBytes(store, two)).toEqual(kept)
  })
})

describe('an index that is not what was written', () => {
  beforeEach(async () => {
    for (const hash of ['1', '2', '3']) await putBytes(store, sampleKey({ hash }), sampleBytes(hash, 100))
    await store.close()
  })

  it.each([1, 20, 5000])('cache-23: a last line that is torn %i bytes in is cut off, and said', async (length) => {
    const whole = await readFile(journal(), 'utf8')
    const torn = 'x'.repeat(length)
    await appendFile(journal(), torn)
    await open()
    expect(events).toContainEqual({ kind: 'index-torn', bytes: length })
    expect((await readFile(journal(), 'utf8')).startsWith(whole)).toBe(true)
    expect(await putBytes(store, sampleKey({ hash: '4' }), sampleBytes('4', 100))).toBe('published')
    await reopen()
    expect(events).toEqual([])
    for (const hash of ['1', '2', '3', '4']) expect(await getBytes(store, sampleKey({ hash }))).toEqual(sampleBytes(hash, 100))
  })

  it('cache-25: an index whose end a power cut filled with zeros keeps what stands before', async () => {
    await appendFile(journal(), Buffer.alloc(4096))
    await open()
    expect(events).toContainEqual({ kind: 'index-torn', bytes: 4096 })
    expect(await getBytes(store, sampleKey({ hash: '3' }))).toEqual(sampleBytes('3', 100))
  })

  it('cache-32: a damaged line in the middle is named and skipped, and its artifact can be uploaded again', async () => {
    const text = await readFile(journal(), 'utf8')
    await writeFile(journal(), text.replace('"hash":"2"', '"hash":"9"'))
    await open()
    expect(events).toContainEqual({ kind: 'index-damaged', lines: [3] })
    expect(await store.find(sampleKey({ hash: '9' }))).toBeUndefined()
    expect(await store.find(sampleKey({ hash: '2' }))).toBeUndefined()
    expect(await getBytes(store, sampleKey({ hash: '3' }))).toEqual(sampleBytes('3', 100))
    expect(await putBytes(store, sampleKey({ hash: '2' }), sampleBytes('2', 100))).toBe('published')
  })

  it.each([
    ['random bytes', Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7919) % 256))],
    ['nothing but line breaks', Buffer.alloc(100, '\n')],
    ['an empty file', Buffer.alloc(0)],
  ])('%s instead of an index is an empty store that works', async (_name, bytes) => {
    await writeFile(journal(), bytes)
    await open()
    expect(await store.find(one)).toBeUndefined()
    expect(await putBytes(store, one, sampleBytes('new', 100))).toBe('published')
    await reopen()
    expect(await getBytes(store, one)).toEqual(sampleBytes('new', 100))
  })

  it('an index of a later format is refused with place, reason and hint, and the directory is free again', async () => {
    await writeFile(journal(), encodeRecord({ op: 'format', version: 2 }))
    await expect(open()).rejects.toMatchObject({ code: 'CACHE_STORE_UNFIT', file: journal(), hint: expect.any(String) })
    await rm(journal())
    await open()
  })
})
