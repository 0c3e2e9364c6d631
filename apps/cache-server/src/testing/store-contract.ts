import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Store, UsedEntry } from '../io/store.ts'
import { storeModel } from './store-model.ts'
import { getBytes, putBytes, sampleBytes, sampleEntry, sampleKey, stageBytes } from './store-samples.ts'

/** One medium with the stores that share it: one for a directory, several for a bucket with replicas. */
export interface StoreHarness {
  /** The open stores; those of the time before `reopen` are not used again. */
  readonly stores: () => readonly [Store, ...Store[]]
  /** Closes all of them in order and opens the same medium again. */
  readonly reopen: () => Promise<void>
  readonly dispose: () => Promise<void>
}

const LARGE = 3 * 1024 * 1024 + 17

/**
 * What every implementation of `Store` holds, as tests. `make` gives an empty medium each time; `modelRuns` is the number of
 * random sequences of concurrent operations.
 */
export function storeContract(name: string, make: () => Promise<StoreHarness>, modelRuns = 40): void {
  describe(`${name}: the contract of a store`, () => {
    let harness: StoreHarness
    /** One of the stores; with replicas, what one wrote another reads. */
    const store = (index = 0): Store => harness.stores()[index % harness.stores().length] ?? harness.stores()[0]

    beforeEach(async () => {
      harness = await make()
    })
    afterEach(async () => harness.dispose())

    it.each([0, 1, 1000, 256 * 1024, 256 * 1024 + 1, 1024 * 1024, 1024 * 1024 + 1, LARGE])(
      '%i bytes come back as they were written',
      async (size) => {
        const bytes = sampleBytes('artifact', size)
        expect(await putBytes(store(), sampleKey(), bytes)).toBe('published')
        expect(await store(1).find(sampleKey())).toEqual(sampleEntry(sampleKey(), bytes, 'job'))
        expect((await getBytes(store(1), sampleKey()))?.equals(bytes)).toBe(true)
        expect((await getBytes(store(1), sampleKey()))?.equals(bytes)).toBe(true)
      },
    )

    it('every field of a row comes back, after a restart too', async () => {
      const bytes = sampleBytes('row', 10)
      const entry = {
        ...sampleEntry(sampleKey({ tool: 'turbo' }), bytes, 'job'),
        content: 'c'.repeat(64),
        signature: 'c2ln',
        headers: { 'x-artifact-tag': 'tag "with" quotes\\' },
        writer: { issuer: 'i', run: '1', job: '2', actor: '3', commit: '4' },
      }
      const staging = await stageBytes(store(), bytes)
      await staging.finish()
      await store().publish(staging, entry)
      expect(await store(1).find(entry)).toEqual(entry)
      await harness.reopen()
      expect(await store().find(entry)).toEqual(entry)
    })

    it('a staging tells size and digest of what was written, and reads it again', async () => {
      const bytes = sampleBytes('staged', LARGE)
      const staging = await stageBytes(store(), bytes)
      expect(await staging.finish()).toEqual({ size: LARGE, digest: createHash('sha256').update(bytes).digest('hex') })
      expect((await buffer(await staging.read())).equals(bytes)).toBe(true)
      expect((await buffer(await staging.read())).equals(bytes)).toBe(true)
      await staging.discard()
    })

    it('a staging that nobody finished can be discarded, and discarding again changes nothing', async () => {
      const staging = await stageBytes(store(), sampleBytes('gone', LARGE))
      await staging.discard()
      await staging.discard()
      expect(await store(1).find(sampleKey())).toBeUndefined()
      expect(await allOf(store())).toEqual([])
    })

    it('discarding what was published takes nothing away', async () => {
      const bytes = sampleBytes('kept', 1000)
      const staging = await stageBytes(store(), bytes)
      await staging.finish()
      await store().publish(staging, sampleEntry(sampleKey(), bytes, 'job'))
      await staging.discard()
      expect((await getBytes(store(1), sampleKey()))?.equals(bytes)).toBe(true)
    })

    it('nothing can be read before it is published', async () => {
      const bytes = sampleBytes('early', 1000)
      const staging = await stageBytes(store(), bytes)
      await staging.finish()
      expect(await getBytes(store(1), sampleKey())).toBeUndefined()
      await store().publish(staging, sampleEntry(sampleKey(), bytes, 'job'))
      expect(await getBytes(store(1), sampleKey())).toEqual(bytes)
    })

    it('the first writer of a key wins, whatever the second brings', async () => {
      const [first, second] = [sampleBytes('first', 900), sampleBytes('second', 1100)]
      expect(await putBytes(store(), sampleKey(), first, 'one')).toBe('published')
      expect(await putBytes(store(1), sampleKey(), second, 'two')).toBe('exists')
      expect(await putBytes(store(), sampleKey(), second, 'three')).toBe('exists')
      expect(await getBytes(store(1), sampleKey())).toEqual(first)
      expect(await store().find(sampleKey())).toMatchObject({ writer: { job: 'one' } })
    })

    it('cache-22: of 50 concurrent publishers of one key one wins, and readers see nothing or all of it', async () => {
      const payload = (job: number): Buffer => sampleBytes(`publisher ${job}`, 20_000 + job)
      const ready = await Promise.all(
        Array.from({ length: 50 }, async (_, job) => {
          const staging = await stageBytes(store(job), payload(job))
          await staging.finish()
          return { job, staging }
        }),
      )
      const seen: (Buffer | undefined)[] = []
      const end = new AbortController()
      const reader = async (index: number): Promise<void> => {
        while (!end.signal.aborted) {
          seen.push(await getBytes(store(index), sampleKey()))
          await new Promise((resolve) => setImmediate(resolve))
        }
      }
      const readers = [reader(0), reader(1)]
      const outcomes = await Promise.all(
        ready.map(async ({ job, staging }) => store(job).publish(staging, sampleEntry(sampleKey(), payload(job), String(job)))),
      )
      end.abort()
      await Promise.all(readers)
      expect(outcomes.filter((outcome) => outcome === 'published')).toHaveLength(1)
      expect(outcomes.filter((outcome) => outcome === 'exists')).toHaveLength(49)
      const winner = payload(outcomes.indexOf('published'))
      expect(seen.every((bytes) => bytes === undefined || bytes.equals(winner))).toBe(true)
      expect((await getBytes(store(1), sampleKey()))?.equals(winner)).toBe(true)
    })

    it.each([
      ['another workspace', sampleKey({ workspace: 'other' })],
      ['another tool', sampleKey({ tool: 'turbo' })],
      ['another scope', sampleKey({ scope: 'pr/7' })],
      ['another hash', sampleKey({ hash: '12345678901' })],
      ['a key whose scope and hash run together to the same text', sampleKey({ scope: 'trusted/main1', hash: '234567890' })],
      ['a key whose workspace and scope run together to the same text', sampleKey({ workspace: 'acmet', scope: 'rusted/main' })],
      ['a key whose scope reaches into the workspace', sampleKey({ workspace: 'acme/trusted', scope: 'main' })],
    ])('%s sees nothing of an entry', async (_name, other) => {
      await putBytes(store(), sampleKey(), sampleBytes('mine', 100))
      expect(await store(1).find(other)).toBeUndefined()
      await putBytes(store(1), other, sampleBytes('theirs', 100))
      expect(await getBytes(store(), sampleKey())).toEqual(sampleBytes('mine', 100))
      await store().remove([other])
      expect(await getBytes(store(1), sampleKey())).toEqual(sampleBytes('mine', 100))
    })

    it.each([
      ['climbs', '../../../../etc/passwd'],
      ['is absolute', '/etc/passwd'],
      ['is a command', '$(id)`id`;id'],
      ['holds a NUL and a line break', 'a\u0000b\nc\r'],
      ['is a drive of Windows', 'C:\\con\\aux'],
      ['is not ASCII', 'ß\u202e漢字😀'],
      ['is a name that objects have already', '__proto__'],
      ['is percent-encoded', '%2e%2e%2f'],
    ])('a name that %s is a name like any other', async (_name, text) => {
      const keys = [sampleKey({ hash: text }), sampleKey({ scope: `pr/${text}` }), sampleKey({ workspace: text })]
      for (const [index, key] of keys.entries()) await putBytes(store(), key, sampleBytes(`name ${index}`, 100))
      for (const [index, key] of keys.entries()) expect(await getBytes(store(1), key)).toEqual(sampleBytes(`name ${index}`, 100))
      await harness.reopen()
      for (const [index, key] of keys.entries()) expect(await getBytes(store(), key)).toEqual(sampleBytes(`name ${index}`, 100))
      expect(await store().remove(keys)).toHaveLength(3)
      for (const key of keys) expect(await store(1).find(key)).toBeUndefined()
    })

    it('equal bytes of two keys stay until the last of them goes', async () => {
      const [one, two] = [sampleKey({ scope: 'pr/1' }), sampleKey({ scope: 'pr/2' })]
      const bytes = sampleBytes('shared', LARGE)
      await Promise.all([putBytes(store(), one, bytes), putBytes(store(1), two, bytes)])
      await store().remove([one])
      expect(await getBytes(store(1), one)).toBeUndefined()
      expect((await getBytes(store(1), two))?.equals(bytes)).toBe(true)
      await harness.reopen()
      expect((await getBytes(store(), two))?.equals(bytes)).toBe(true)
    })

    it('a removal tells what it removed, once, and frees the key', async () => {
      const bytes = sampleBytes('old', 100)
      await putBytes(store(), sampleKey(), bytes)
      expect(await store(1).remove([sampleKey(), sampleKey({ hash: 'unknown' })])).toEqual([
        sampleEntry(sampleKey(), bytes, 'job'),
      ])
      expect(await store().remove([sampleKey()])).toEqual([])
      expect(await getBytes(store(), sampleKey())).toBeUndefined()
      expect(await putBytes(store(), sampleKey(), sampleBytes('new', 100))).toBe('published')
      expect(await getBytes(store(1), sampleKey())).toEqual(sampleBytes('new', 100))
    })

    it('cache-31: a reader that has begun reads to the end while its entry is removed', async () => {
      const bytes = sampleBytes('long', LARGE)
      await putBytes(store(), sampleKey(), bytes)
      const entry = await store().find(sampleKey())
      const body = await store().read(entry!)
      await store(1).remove([sampleKey()])
      expect(await store().find(sampleKey())).toBeUndefined()
      expect((body instanceof Uint8Array ? Buffer.from(body) : await buffer(body!)).equals(bytes)).toBe(true)
    })

    it('a state is kept, and the rows that had it already are not named', async () => {
      const [one, two] = [sampleKey({ hash: '1' }), sampleKey({ hash: '2' })]
      for (const key of [one, two]) await putBytes(store(), key, sampleBytes('state', 100))
      expect(await store().setState([one], 'quarantined')).toMatchObject([{ hash: '1', state: 'quarantined' }])
      expect(await store(1).setState([one, two, sampleKey({ hash: '3' })], 'quarantined')).toMatchObject([{ hash: '2' }])
      await harness.reopen()
      expect(await store().find(one)).toMatchObject({ state: 'quarantined' })
      expect(await putBytes(store(), one, sampleBytes('again', 100))).toBe('exists')
      expect(await store(1).setState([one], 'live')).toMatchObject([{ hash: '1', state: 'live' }])
      expect(await getBytes(store(), one)).toEqual(sampleBytes('state', 100))
    })

    it('every row is listed with the time of its last use', async () => {
      for (const hash of ['1', '2', '3']) await putBytes(store(), sampleKey({ hash }), sampleBytes(hash, 100))
      const listed = await allOf(store(1))
      expect(listed.map(({ hash }) => hash).sort()).toEqual(['1', '2', '3'])
      for (const { used, ...entry } of listed) {
        expect(Number.isFinite(used)).toBe(true)
        expect(entry).toEqual(sampleEntry(sampleKey({ hash: entry.hash }), sampleBytes(entry.hash, 100), 'job'))
      }
    })

    it('says that it works, and what is left of the medium where somebody can know', async () => {
      await store().probe()
      const free = await store().free()
      expect(free?.totalBytes ?? Infinity).toBeGreaterThanOrEqual(free?.bytes ?? 0)
      expect(await allOf(store())).toEqual([])
    })
  })
  storeModel(name, make, modelRuns)
}

async function allOf(store: Store): Promise<UsedEntry[]> {
  const list: UsedEntry[] = []
  for await (const entry of store.entries()) list.push(entry)
  return list
}
