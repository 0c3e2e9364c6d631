import { afterAll, describe, expect, it } from 'vitest'
import { openTestStore, s3Harness } from './s3-harness.ts'
import { REGION, sectionOf } from './s3-server.ts'
import { storeContract } from './store-contract.ts'
import { getBytes, putBytes, sampleBytes, sampleKey } from './store-samples.ts'
import { startVersitygw } from './versitygw.ts'

const server = await startVersitygw()

describe('a bucket of versitygw', () => {
  afterAll(async () => server.stop())

  storeContract('two replicas', async () => s3Harness(server, 2), 25)

  it('takes artifacts in parts, and gives them back whole', async () => {
    const store = await openTestStore(server, { section: sectionOf(await server.bucket(), server.endpoint) })
    const bytes = sampleBytes('parts', 20 * 1024 * 1024 + 5)
    expect(await putBytes(store, sampleKey(), bytes)).toBe('published')
    expect((await getBytes(store, sampleKey()))?.equals(bytes)).toBe(true)
    await store.close()
  })

  it('deletes on a condition, so rows of removed entries go', async () => {
    const kinds: string[] = []
    const section = sectionOf(await server.bucket(), server.endpoint)
    const store = await openTestStore(server, { onEvent: ({ kind }) => void kinds.push(kind), section })
    expect(kinds).toEqual([])
    await store.close()
  })

  it('says that a request was signed for another region', async () => {
    const section = sectionOf(await server.bucket(), server.endpoint, { region: 'eu-central-1' })
    expect(section.region).not.toBe(REGION)
    await expect(openTestStore(server, { section })).rejects.toMatchObject({
      code: 'CACHE_STORE_UNFIT',
      hint: expect.stringContaining('region'),
    })
  })
})
