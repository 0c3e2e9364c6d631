import { buffer } from 'node:stream/consumers'
import type { Readable } from 'node:stream'
import { inspect } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startFaultProxy, type Fault, type FaultProxy, type Passed } from '../../../testing/fault-proxy.ts'
import { openTestStore } from '../../../testing/s3-harness.ts'
import { s3Missing, sectionOf, startS3Server, type S3Server } from '../../../testing/s3-server.ts'
import { getBytes, putBytes, sampleBytes, sampleEntry, sampleKey, stageBytes } from '../../../testing/store-samples.ts'
import { StoreFault } from '../../store.ts'
import type { S3Store } from './s3-store.ts'

/** Small enough to wait for, large enough for a busy machine to answer in. */
const TIMING = { connect: 2000, firstByte: 1500, stall: 1500, upload: 1500 }
const SMALL = sampleBytes('small', 5000)
const LARGE = sampleBytes('large', 600_000)
const KEY = sampleKey()

const isBlob = ({ path }: Passed): boolean => path.includes('/blob.')
const isRow = ({ path }: Passed): boolean => path.includes('/row')

describe.skipIf(s3Missing !== undefined)(
  `cache-28: a bucket in trouble${s3Missing === undefined ? '' : ` (not run: ${s3Missing})`}`,
  () => {
    let server: S3Server
    let proxy: FaultProxy
    let store: S3Store
    let bucket: string

    beforeAll(async () => {
      server = await startS3Server()
    })
    afterAll(async () => server.stop())
    beforeEach(async () => {
      proxy = await startFaultProxy(server.endpoint)
      bucket = await server.bucket()
      store = await openTestStore(server, { section: sectionOf(bucket, proxy.url), timing: TIMING })
    })
    afterEach(async () => {
      proxy.inject = () => undefined
      await store.close()
      await proxy.stop()
    })

    const firstTwo =
      (which: (passed: Passed) => boolean, fault: Fault) =>
      (passed: Passed): Fault | undefined =>
        which(passed) && passed.attempt <= 2 ? fault : undefined
    const always =
      (which: (passed: Passed) => boolean, fault: Fault) =>
      (passed: Passed): Fault | undefined =>
        which(passed) ? fault : undefined
    const busy: Fault = { kind: 'answer', status: 503, code: 'SlowDown' }

    it.each<[string, Fault]>([
      ['is reset', { kind: 'reset' }],
      ['is refused for the moment', busy],
      ['ends with an inner error', { kind: 'answer', status: 500, code: 'InternalError' }],
      ['gets no answer', { kind: 'hang' }],
      ['loses its answer', { kind: 'lost-answer' }],
      ['breaks off in the middle', { kind: 'truncate', at: 100 }],
    ])('a read that %s twice is done by the third attempt', async (_name, fault) => {
      await putBytes(store, KEY, SMALL)
      proxy.inject = firstTwo(isBlob, fault)
      expect(await getBytes(store, KEY)).toEqual(SMALL)
      expect(proxy.passed.filter(({ method, path }) => method === 'GET' && path.includes('/blob.'))).toHaveLength(3)
    })

    it.each<[string, Fault]>([
      ['resets', { kind: 'reset' }],
      ['refuses', busy],
      ['never answers', { kind: 'hang' }],
      ['breaks off', { kind: 'truncate', at: 100 }],
      ['falls silent', { kind: 'stall', at: 100 }],
      ['does not allow it', { kind: 'answer', status: 403, code: 'AccessDenied' }],
    ])('where it always %s, a read is a fault before the first byte, and never "not there"', async (_name, fault) => {
      await putBytes(store, KEY, SMALL)
      const entry = await store.find(KEY)
      proxy.inject = always(isBlob, fault)
      await expect(store.read(entry!)).rejects.toBeInstanceOf(StoreFault)
      proxy.inject = always(isRow, fault)
      await expect(store.find(KEY)).rejects.toBeInstanceOf(StoreFault)
      proxy.inject = () => undefined
      expect(await getBytes(store, KEY)).toEqual(SMALL)
    })

    it.each<[string, Fault]>([
      ['breaks off', { kind: 'truncate', at: 300_000 }],
      ['falls silent', { kind: 'stall', at: 300_000 }],
    ])('a large body that %s after its first bytes errors, and its row stays', async (_name, fault) => {
      await putBytes(store, KEY, LARGE)
      proxy.inject = always(isBlob, fault)
      const body = (await store.read((await store.find(KEY))!)) as Readable
      await expect(buffer(body)).rejects.toBeInstanceOf(Error)
      proxy.inject = () => undefined
      expect((await getBytes(store, KEY))?.equals(LARGE)).toBe(true)
    })

    it('a slow body arrives whole: only silence counts', async () => {
      await putBytes(store, KEY, LARGE)
      proxy.inject = always(isBlob, { kind: 'slow', bytes: 6000 })
      expect((await getBytes(store, KEY))?.equals(LARGE)).toBe(true)
    })

    it.each<[string, (passed: Passed) => boolean]>([
      ['of the bytes', isBlob],
      ['of the row', isRow],
    ])('a write %s whose answers are lost is done once, and known to be ours', async (_name, which) => {
      proxy.inject = (passed) =>
        passed.method === 'PUT' && which(passed) && passed.attempt <= 2 ? { kind: 'lost-answer' } : undefined
      expect(await putBytes(store, KEY, SMALL)).toBe('published')
      proxy.inject = () => undefined
      expect(await getBytes(store, KEY)).toEqual(SMALL)
      expect(await putBytes(store, KEY, SMALL)).toBe('exists')
    })

    it('promise-6: a write that cannot be finished is a fault, and nothing of it can be read', async () => {
      proxy.inject = (passed) => (passed.method === 'PUT' && isRow(passed) ? busy : undefined)
      await expect(putBytes(store, KEY, SMALL)).rejects.toBeInstanceOf(StoreFault)
      proxy.inject = () => undefined
      expect(await store.find(KEY)).toBeUndefined()
      expect(await putBytes(store, KEY, LARGE)).toBe('published')
    })

    it('cache-29: where two conditional writes collide, the one that S3 asks to try again does', async () => {
      const conflict: Fault = { kind: 'answer', status: 409, code: 'ConditionalRequestConflict' }
      proxy.inject = (passed) => (passed.method === 'PUT' && isRow(passed) && passed.attempt <= 3 ? conflict : undefined)
      expect(await putBytes(store, KEY, SMALL)).toBe('published')
      expect(proxy.passed.filter(({ method, path }) => method === 'PUT' && path.includes('/row'))).toHaveLength(4)
      proxy.inject = (passed) => (passed.method === 'PUT' && isRow(passed) ? conflict : undefined)
      await expect(putBytes(store, sampleKey({ hash: '2' }), SMALL)).rejects.toThrow('ConditionalRequestConflict')
    })

    it('a bucket that is full says so', async () => {
      proxy.inject = (passed) =>
        passed.method === 'PUT' ? { kind: 'answer', status: 507, code: 'InsufficientStorage' } : undefined
      await expect(putBytes(store, KEY, SMALL)).rejects.toMatchObject({ name: 'StoreFault', reason: 'full' })
    })

    it('an upload in parts that fails is aborted, and one whose parts fail for a moment is not', async () => {
      const bytes = sampleBytes('parts', 20 * 1024 * 1024 + 5)
      const isPart = ({ path }: Passed): boolean => path.includes('partNumber=2')
      proxy.inject = firstTwo(isPart, { kind: 'reset' })
      expect(await putBytes(store, KEY, bytes)).toBe('published')
      expect((await getBytes(store, KEY))?.equals(bytes)).toBe(true)
      proxy.inject = always(isPart, busy)
      await expect(putBytes(store, sampleKey({ hash: '2' }), bytes)).rejects.toBeInstanceOf(StoreFault)
      expect(proxy.passed.filter(({ method, path }) => method === 'DELETE' && path.includes('uploadId='))).toHaveLength(1)
    })

    it('says where it can be reached or not, and says no secret', async () => {
      await store.probe()
      proxy.inject = () => ({ kind: 'answer', status: 403, code: 'SignatureDoesNotMatch' })
      const fault: unknown = await store.probe().catch((error: unknown) => error)
      expect(fault).toMatchObject({ message: 'an object cannot be written: the secret key is wrong (403 SignatureDoesNotMatch)' })
      expect(inspect(fault, { depth: 9 })).not.toContain(server.credentials.accessKeyId)
      expect((fault as Error).cause).toBeUndefined()
    })

    it('what is staged is bounded, and is given back', async () => {
      const bounded = await openTestStore(server, { section: sectionOf(bucket, proxy.url, { stagingLimit: 10_000 }) })
      const first = await stageBytes(bounded, sampleBytes('first', 6000))
      await expect(bounded.stage(6000)).rejects.toMatchObject({ name: 'StoreFault', reason: 'full' })
      await first.discard()
      await first.discard()
      const second = await bounded.stage(6000)
      await expect(second.write(sampleBytes('more', 6001))).rejects.toThrow('more bytes than were declared')
      await second.discard()
      expect(await putBytes(bounded, KEY, sampleBytes('whole', 10_000))).toBe('published')
      expect(await putBytes(bounded, KEY, sampleBytes('again', 10_000))).toBe('exists')
      await (await bounded.stage(10_000)).discard()
      await bounded.close()
    })

    it('bytes that took too long to be stored are taken back', async () => {
      let now = 0
      const slow = await openTestStore(server, { now: () => now, section: sectionOf(bucket, proxy.url) })
      proxy.inject = (passed) => {
        // The machine sleeps while the bytes are on their way.
        if (passed.method === 'PUT' && isBlob(passed)) now += 16 * 60_000
        return undefined
      }
      await expect(putBytes(slow, KEY, SMALL)).rejects.toThrow('took too long')
      expect(await slow.find(KEY)).toBeUndefined()
      proxy.inject = () => undefined
      const staging = await stageBytes(slow, LARGE)
      await staging.finish()
      expect(await slow.publish(staging, sampleEntry(KEY, LARGE, 'later'))).toBe('published')
      await slow.close()
    })
  },
)
