import { readFileSync } from 'node:fs'
import { GetObjectCommand, PutBucketLifecycleConfigurationCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestStore } from '../../../testing/s3-harness.ts'
import { s3Missing, sectionOf, startS3Server, type S3Server } from '../../../testing/s3-server.ts'
import { getBytes, putBytes, sampleBytes, sampleKey } from '../../../testing/store-samples.ts'

const deployed = (name: string): string => readFileSync(new URL(`../../../../deploy/${name}`, import.meta.url), 'utf8')
const BUCKET = 'acme-interlock-cache'

interface Policy {
  readonly Statement: readonly { readonly Sid: string; readonly Action: string | readonly string[] }[]
}
const policy = JSON.parse(deployed('s3-policy.json')) as Policy
const actions = policy.Statement.flatMap(({ Action }) => Action)

describe.skipIf(s3Missing !== undefined)(
  `the policy of the guide${s3Missing === undefined ? '' : ` (not run: ${s3Missing})`}`,
  () => {
    let server: S3Server
    beforeAll(async () => {
      server = await startS3Server({ user: { buckets: [BUCKET, 'another-bucket'], policy } })
    })
    afterAll(async () => server.stop())

    it('allows everything that the store does', async () => {
      const section = sectionOf(BUCKET, server.endpoint)
      const store = await openTestStore(server, { section, timing: { sweepEvery: 0 } })
      for (const size of [1000, 9 * 1024 * 1024]) {
        const [key, bytes] = [sampleKey({ hash: `${size}` }), sampleBytes('artifact', size)]
        expect(await putBytes(store, key, bytes)).toBe('published')
        expect((await getBytes(store, key))?.equals(bytes)).toBe(true)
      }
      await store.probe()
      expect(await store.sweep()).toBeDefined()
      expect(await store.remove([sampleKey({ hash: '1000' })])).toHaveLength(1)
      await store.close()
    })

    it('allows nothing in another bucket, and no change of its own', async () => {
      const denied = expect.objectContaining({ $metadata: expect.objectContaining({ httpStatusCode: 403 }) })
      const { client } = server
      await expect(client.send(new PutObjectCommand({ Body: 'x', Bucket: 'another-bucket', Key: 'x' }))).rejects.toEqual(denied)
      await expect(client.send(new GetObjectCommand({ Bucket: 'another-bucket', Key: 'x' }))).rejects.toEqual(denied)
      await expect(client.send(ruleFor(BUCKET))).rejects.toEqual(denied)
    })

    it.each(actions.filter((action) => action !== 's3:AbortMultipartUpload'))(
      'is refused by name without %s',
      async (missing) => {
        const less = {
          ...policy,
          Statement: policy.Statement.map((statement) => ({
            ...statement,
            Action: [statement.Action].flat().filter((action) => action !== missing),
          })).filter(({ Action }) => Action.length > 0),
        }
        const other = await startS3Server({ user: { buckets: [BUCKET], policy: less } })
        const opening = openTestStore(other, { section: sectionOf(BUCKET, other.endpoint) })
        await expect(opening).rejects.toMatchObject({
          code: 'CACHE_STORE_UNFIT',
          hint: expect.stringContaining('guides/cache-s3'),
        })
        await other.stop()
      },
    )

    it('and the rule for unfinished uploads is one that a server takes', async () => {
      const all = await startS3Server()
      const Bucket = await all.bucket()
      expect((await all.client.send(ruleFor(Bucket))).$metadata.httpStatusCode).toBe(200)
      await all.stop()
    })
  },
)

function ruleFor(Bucket: string): PutBucketLifecycleConfigurationCommand {
  return new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: JSON.parse(deployed('s3-lifecycle.json')) })
}
