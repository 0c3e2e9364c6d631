import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3'
import { buffer } from 'node:stream/consumers'
import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openTestStore } from '../../../testing/s3-harness.ts'
import { s3Missing, sectionOf, startS3Server, type S3Server } from '../../../testing/s3-server.ts'
import { getBytes, putBytes, sampleBytes, sampleKey } from '../../../testing/store-samples.ts'
import type { UsedEntry } from '../../store.ts'
import type { S3Event } from './events.ts'
import type { S3Store } from './s3-store.ts'

const SMALL = sampleBytes('small', 5000)
const LARGE = sampleBytes('large', 600_000)
const KEY = sampleKey()
/** Objects carry whole seconds, so a grace of less says nothing. */
const TIMING = { grace: 1500, sweepEvery: 0 }
const GRACE_OVER = 2600

describe.skipIf(s3Missing !== undefined)(
  `a bucket that somebody changed${s3Missing === undefined ? '' : ` (not run: ${s3Missing})`}`,
  () => {
    let server: S3Server
    let store: S3Store
    let other: S3Store
    let bucket: string
    let events: S3Event[]

    beforeAll(async () => {
      server = await startS3Server()
    })
    afterAll(async () => server.stop())
    beforeEach(async () => {
      events = []
      bucket = await server.bucket()
      const options = {
        onEvent: (event: S3Event) => void events.push(event),
        section: sectionOf(bucket, server.endpoint),
        timing: TIMING,
      }
      store = await openTestStore(server, options)
      other = await openTestStore(server, options)
    })
    afterEach(async () => {
      await store.close()
      await other.close()
    })

    const keys = async (part = ''): Promise<string[]> => {
      const { Contents = [] } = await server.client.send(new ListObjectsV2Command({ Bucket: bucket }))
      return Contents.map(({ Key = '' }) => Key).filter((key) => key.includes(part))
    }
    const put = async (key: string, bytes: Uint8Array | string): Promise<void> =>
      void (await server.client.send(new PutObjectCommand({ Body: Buffer.from(bytes), Bucket: bucket, Key: key })))
    const take = async (key: string): Promise<Buffer> => {
      const { Body } = await server.client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
      return buffer(Body as Readable)
    }
    const remove = async (key: string): Promise<void> =>
      void (await server.client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key })))
    const blobOf = async (): Promise<string> => (await keys('/blob.'))[0]!
    const listed = async (from: S3Store): Promise<UsedEntry[]> => {
      const entries: UsedEntry[] = []
      for await (const entry of from.entries()) entries.push(entry)
      return entries
    }

    it.each([
      ['small', SMALL],
      ['large', LARGE],
    ])('cache-30: a row without its bytes is absent, dropped on every replica, and written again (%s)', async (_name, bytes) => {
      await putBytes(store, KEY, bytes)
      await remove(await blobOf())
      expect(await getBytes(store, KEY)).toBeUndefined()
      expect(events).toMatchObject([{ keys: [KEY], kind: 'bytes-missing' }])
      expect(await other.find(KEY)).toBeUndefined()
      expect(await putBytes(other, KEY, bytes)).toBe('published')
      expect((await getBytes(store, KEY))?.equals(bytes)).toBe(true)
    })

    it('cache-30: a sweep drops a row without its bytes, after the grace and not before', async () => {
      await putBytes(store, KEY, SMALL)
      await remove(await blobOf())
      expect(await store.sweep()).toMatchObject({ ghosts: 0 })
      await delay(GRACE_OVER)
      expect(await store.sweep()).toMatchObject({ ghosts: 1 })
      expect(await other.find(KEY)).toBeUndefined()
    })

    it.each([
      ['small', SMALL, sampleBytes('forged', SMALL.length)],
      ['small and of another size', SMALL, sampleBytes('forged', 70)],
      ['large and of another size', LARGE, sampleBytes('forged', 70)],
    ])(
      'cache-32: an artifact that was swapped in the bucket is absent, and its row is dropped (%s)',
      async (_name, bytes, forged) => {
        await putBytes(store, KEY, bytes)
        await put(await blobOf(), forged)
        expect(await getBytes(store, KEY)).toBeUndefined()
        expect(events).toMatchObject([{ kind: 'bytes-damaged' }])
        expect(await other.find(KEY)).toBeUndefined()
        expect(await putBytes(other, KEY, bytes)).toBe('published')
        expect((await getBytes(store, KEY))?.equals(bytes)).toBe(true)
      },
    )

    it('cache-32: a large one of the same size errors before its last byte, and its row is dropped', async () => {
      await putBytes(store, KEY, LARGE)
      const forged = Buffer.from(LARGE)
      forged[10] = 0
      await put(await blobOf(), forged)
      const body = (await store.read((await store.find(KEY))!)) as Readable
      let received = 0
      const reading = (async () => {
        for await (const chunk of body) received += (chunk as Buffer).length
      })()
      await expect(reading).rejects.toMatchObject({ name: 'StoreFault' })
      expect(received).toBeLessThan(LARGE.length)
      await expect.poll(async () => other.find(KEY)).toBeUndefined()
    })

    it('cache-32: a row that is moved to another key gives nothing there', async () => {
      await putBytes(store, sampleKey({ scope: 'pr/1' }), SMALL)
      const [row = '', blob = ''] = [...(await keys('/row')), ...(await keys('/blob.'))]
      for (const key of [row, blob]) await put(key.replace('pr~2f1', 'trusted~2fmain'), await take(key))
      expect(await store.find(KEY)).toBeUndefined()
      expect((await listed(store)).map(({ scope }) => scope)).toEqual(['pr/1'])
      expect(await putBytes(store, KEY, LARGE)).toBe('published')
      expect((await getBytes(other, KEY))?.equals(LARGE)).toBe(true)
    })

    it.each([
      ['empty', ''],
      ['cut off', '{'],
      ['null', 'null'],
      ['a list', '[]'],
      ['of no kind', '{"version":1}'],
      ['100 kB', 'x'.repeat(100_000)],
      ['one that climbs', '{"version":1,"kind":"entry","blob":"../../x","entry":{}}'],
    ])('where a row should be and is %s, there is nothing, and it is replaced', async (_name, text) => {
      await putBytes(store, KEY, SMALL)
      await put((await keys('/row'))[0]!, text)
      expect(await store.find(KEY)).toBeUndefined()
      expect(await listed(store)).toEqual([])
      expect(await putBytes(store, KEY, LARGE)).toBe('published')
      expect((await getBytes(other, KEY))?.equals(LARGE)).toBe(true)
    })

    it('a row of a later version is a fault: nothing is concluded from it and nothing replaced', async () => {
      await putBytes(store, KEY, SMALL)
      const [row = ''] = await keys('/row')
      await put(row, '{"version":2}')
      await expect(store.find(KEY)).rejects.toThrow('later version')
      await expect(putBytes(store, KEY, SMALL)).rejects.toThrow('later version')
      await delay(GRACE_OVER)
      await store.sweep().catch(() => undefined)
      expect((await take(row)).toString()).toBe('{"version":2}')
    })

    it('a sweep takes away what nobody needs, after the grace, and only that', async () => {
      await putBytes(store, KEY, SMALL)
      await putBytes(store, sampleKey({ hash: 'removed' }), SMALL)
      await putBytes(store, sampleKey({ hash: 'rowless' }), SMALL)
      await put('entries/acme/nx/foreign.txt', 'of somebody else')
      await remove((await keys('/rowless/row'))[0]!)
      await store.remove([sampleKey({ hash: 'removed' })])
      expect(await store.sweep()).toEqual({ ghosts: 0, orphans: 0, rows: 0 })
      expect(await keys('/blob.')).toHaveLength(3)
      await delay(GRACE_OVER)
      expect(await store.sweep()).toEqual({ ghosts: 0, orphans: 2, rows: 1 })
      expect(await keys()).toEqual([
        'entries/acme/nx/foreign.txt',
        expect.stringMatching(/main\/1234567890\/blob\./u),
        expect.stringMatching(/main\/1234567890\/row$/u),
        'sweep',
      ])
      expect((await getBytes(other, KEY))?.equals(SMALL)).toBe(true)
    })

    it('bytes that a second publisher has just sent are not taken for orphans, however old the row is', async () => {
      await putBytes(store, KEY, SMALL)
      await delay(GRACE_OVER)
      const folder = (await keys('/row'))[0]!.replace(/row$/u, '')
      const blob = `${folder}blob.${'a'.repeat(64)}.${'0'.repeat(8)}-0000-0000-0000-${'0'.repeat(12)}`
      await put(blob, 'on its way')
      expect(await store.sweep()).toMatchObject({ orphans: 0 })
      await delay(GRACE_OVER)
      expect(await store.sweep()).toMatchObject({ orphans: 1 })
      expect(await keys('/blob.')).toHaveLength(1)
      expect(await getBytes(other, KEY)).toEqual(SMALL)
    })

    it('a key that was removed can be written again while a sweep is at it', async () => {
      for (let round = 0; round < 5; round += 1) {
        await putBytes(store, KEY, sampleBytes(`round ${round}`, 3000))
        await store.remove([KEY])
        if (round === 2) await delay(GRACE_OVER)
        const bytes = sampleBytes(`again ${round}`, 3000)
        const [outcome] = await Promise.all([putBytes(other, KEY, bytes), store.sweep(), other.sweep()])
        expect(outcome).toBe('published')
        expect(await getBytes(store, KEY)).toEqual(bytes)
        await store.remove([KEY])
      }
    })

    it('of several replicas one sweeps', async () => {
      const section = sectionOf(bucket, server.endpoint)
      const replicas = await Promise.all(
        [1, 2, 3].map(async () => openTestStore(server, { section, timing: { sweepEvery: 60_000 } })),
      )
      const swept = await Promise.all(replicas.map(async (replica) => replica.sweep()))
      expect(swept.filter((result) => result !== undefined)).toHaveLength(1)
      for (const replica of replicas) await replica.close()
    })

    it('the last use is written when it is a day old, once, and when the store is closed', async () => {
      await putBytes(store, KEY, SMALL)
      for (let read = 0; read < 3; read += 1) await getBytes(store, KEY)
      expect(await keys('/used')).toEqual([])
      await store.close()
      expect(await keys('/used')).toHaveLength(1)
      const [entry] = await listed(other)
      expect(entry?.used).toBeGreaterThan(Date.now() - 60_000)
      expect(entry?.created).toBe(1_700_000_000_000)
      store = await openTestStore(server, { section: sectionOf(bucket, server.endpoint) })
    })

    it('every entry of a bucket with many pages is listed once', async () => {
      const hashes = Array.from({ length: 400 }, (_, index) => `${index}`)
      for (let at = 0; at < hashes.length; at += 20) {
        await Promise.all(
          hashes.slice(at, at + 20).map(async (hash) => putBytes(store, sampleKey({ hash }), sampleBytes(hash, 20))),
        )
      }
      await Promise.all(hashes.slice(0, 300).map(async (hash) => put(`entries/acme/nx/trusted~2fmain/${hash}/used`, '')))
      await store.remove(hashes.slice(0, 50).map((hash) => sampleKey({ hash })))
      const found = (await listed(other)).map(({ hash }) => Number(hash))
      expect(found.sort((left, right) => left - right)).toEqual(Array.from({ length: 350 }, (_, index) => index + 50))
    })
  },
)
