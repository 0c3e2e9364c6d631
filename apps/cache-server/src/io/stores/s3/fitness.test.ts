import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startFaultProxy, type FaultProxy } from '../../../testing/fault-proxy.ts'
import { openTestStore } from '../../../testing/s3-harness.ts'
import { credentialsIn, s3Missing, sectionOf, startS3Server, type S3Server } from '../../../testing/s3-server.ts'
import { putBytes, sampleBytes, sampleKey } from '../../../testing/store-samples.ts'
import type { LoadSdk } from './client.ts'
import { openS3Store, type S3StoreOptions } from './s3-store.ts'

const TIMING = { connect: 2000, firstByte: 1500, stall: 1500, upload: 1500 }

describe.skipIf(s3Missing !== undefined)(
  `what a bucket has to show first${s3Missing === undefined ? '' : ` (not run: ${s3Missing})`}`,
  () => {
    let server: S3Server
    let proxy: FaultProxy
    let bucket: string

    beforeAll(async () => {
      server = await startS3Server()
    })
    afterAll(async () => server.stop())
    beforeEach(async () => {
      proxy = await startFaultProxy(server.endpoint)
      bucket = await server.bucket()
      Object.assign(process.env, credentialsIn(server.credentials))
    })
    afterEach(async () => proxy.stop())

    const refusal = async (options: Partial<S3StoreOptions> = {}): Promise<unknown> =>
      openS3Store({
        now: Date.now,
        onEvent: () => undefined,
        section: sectionOf(bucket, proxy.url),
        timing: TIMING,
        ...options,
      }).then(
        () => 'opened',
        (error: unknown) => error,
      )

    describe('where conditions are not looked at', () => {
      let open: S3Server
      let blind: FaultProxy
      beforeAll(async () => {
        open = await startS3Server({ checksSignatures: false })
      })
      afterAll(async () => open.stop())
      beforeEach(async () => {
        blind = await startFaultProxy(open.endpoint)
      })
      afterEach(async () => blind.stop())

      it.each([
        ['if-none-match', 'overwrote an object in spite of "If-None-Match: *", so two replicas could both be first'],
        ['if-match', 'rewrote a changed object in spite of "If-Match", so a purge could be undone'],
      ])('promise-4: an endpoint that does not know %s is refused', async (header, reason) => {
        blind.withhold = ({ method }) => (method === 'PUT' ? header : undefined)
        expect(await refusal({ section: sectionOf(await open.bucket(), blind.url) })).toMatchObject({
          code: 'CACHE_STORE_UNFIT',
          hint: expect.stringContaining('conditional writes'),
          reason: expect.stringContaining(reason),
        })
      })

      it('one that deletes in spite of the condition is used, its rows of removed entries stay, and that is said', async () => {
        const kinds: string[] = []
        blind.withhold = ({ method }) => (method === 'DELETE' ? 'if-match' : undefined)
        const store = await openTestStore(open, {
          onEvent: ({ kind }) => void kinds.push(kind),
          section: sectionOf(await open.bucket(), blind.url),
          timing: { grace: 1500, sweepEvery: 0 },
        })
        expect(kinds).toEqual(['rows-stay'])
        await putBytes(store, sampleKey(), sampleBytes('gone', 100))
        await store.remove([sampleKey()])
        await delay(2600)
        expect(await store.sweep()).toEqual({ ghosts: 0, orphans: 1, rows: 0 })
        await store.close()
      })
    })

    it('an endpoint that does not know conditional writes is refused', async () => {
      proxy.inject = ({ method }) => (method === 'PUT' ? { code: 'NotImplemented', kind: 'answer', status: 501 } : undefined)
      expect(await refusal()).toMatchObject({ code: 'CACHE_STORE_UNFIT', reason: expect.stringContaining('501 NotImplemented') })
    })

    it.each([
      ['a bucket that is not there', { bucket: 'no-such-bucket' }, 'there is no such bucket (404 NoSuchBucket)'],
      ['a name that no bucket has', { bucket: 'Not.A..Bucket' }, '(4'],
      ['an address where nothing listens', { endpoint: 'http://127.0.0.1:1' }, 'nothing listens at the address (ECONNREFUSED)'],
      ['a host that is not known', { endpoint: 'http://s3.invalid' }, 'the host name is not known'],
    ])('%s is named', async (_name, more, reason) => {
      const section = sectionOf(bucket, server.endpoint, more)
      expect(await refusal({ section })).toMatchObject({ code: 'CACHE_STORE_UNFIT', reason: expect.stringContaining(reason) })
    })

    it.each([
      ['a wrong secret', { AWS_SECRET_ACCESS_KEY: 'wrong' }, 'the secret key is wrong (403 SignatureDoesNotMatch)'],
      ['an unknown key', { AWS_ACCESS_KEY_ID: 'AKIAUNKNOWN000000000' }, 'the access key is not known to the server'],
    ])('%s is named, and neither key is', async (_name, env, reason) => {
      Object.assign(process.env, env)
      const error = await refusal()
      expect(error).toMatchObject({ code: 'CACHE_STORE_UNFIT', reason: expect.stringContaining(reason) })
      for (const secret of [server.credentials.secretAccessKey, server.credentials.accessKeyId]) {
        expect(`${(error as Error).stack}`).not.toContain(secret)
      }
    })

    it('that there are no credentials is named', async () => {
      for (const name of Object.keys(credentialsIn(server.credentials)))
        if (name.endsWith('KEY') || name.endsWith('ID')) delete process.env[name]
      process.env['AWS_SHARED_CREDENTIALS_FILE'] = '/dev/null'
      process.env['AWS_CONFIG_FILE'] = '/dev/null'
      expect(await refusal()).toMatchObject({
        code: 'CACHE_STORE_UNFIT',
        reason: expect.stringContaining('there are no credentials'),
      })
    })

    it('that no region is known is named', async () => {
      process.env['AWS_SHARED_CREDENTIALS_FILE'] = '/dev/null'
      process.env['AWS_CONFIG_FILE'] = '/dev/null'
      const { region: _, ...section } = sectionOf(bucket, server.endpoint)
      expect(await refusal({ section })).toMatchObject({
        code: 'CACHE_STORE_UNFIT',
        reason: expect.stringContaining('no region is known'),
      })
    })

    it.each([
      [
        'signed for another region',
        { code: 'AuthorizationHeaderMalformed', status: 400 },
        'the request was signed for another region',
      ],
      ['in another region', { code: 'PermanentRedirect', status: 301 }, 'the bucket is in another region'],
    ])('that a bucket is %s is named', async (_name, answer, reason) => {
      proxy.inject = () => ({ kind: 'answer', ...answer })
      expect(await refusal()).toMatchObject({
        code: 'CACHE_STORE_UNFIT',
        hint: expect.stringContaining('region'),
        reason: expect.stringContaining(reason),
      })
    })

    it.each([
      ['list', (method: string, path: string) => method === 'GET' && path.includes('list-type'), 'it cannot be listed'],
      ['read', (method: string, path: string) => method === 'GET' && !path.includes('list-type'), 'an object cannot be read'],
      ['write', (method: string) => method === 'PUT', 'an object cannot be written'],
      ['delete', (method: string) => method === 'DELETE', 'an object cannot be deleted'],
    ])('that the credentials may not %s is named, with where to look', async (_name, which, reason) => {
      proxy.inject = ({ method, path }) =>
        which(method, path) ? { code: 'AccessDenied', kind: 'answer', status: 403 } : undefined
      expect(await refusal()).toMatchObject({ code: 'CACHE_STORE_UNFIT', reason: expect.stringContaining(reason) })
      expect(await refusal()).toMatchObject({ hint: expect.stringContaining('guides/cache-s3') })
    })

    it('a package that is not installed is named with the line that installs it', async () => {
      const name = '@aws-sdk/not-installed'
      const load = (async () => import(name)) as LoadSdk
      expect(await refusal({ load })).toMatchObject({ code: 'TOOL_MISSING', hint: 'npm install @aws-sdk/client-s3@3' })
    })
  },
)
