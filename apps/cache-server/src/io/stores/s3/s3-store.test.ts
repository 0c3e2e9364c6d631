import { afterAll, beforeAll, describe } from 'vitest'
import { s3Harness } from '../../../testing/s3-harness.ts'
import { s3Missing, startS3Server, type S3Server } from '../../../testing/s3-server.ts'
import { storeContract } from '../../../testing/store-contract.ts'

describe.skipIf(s3Missing !== undefined)(`a bucket${s3Missing === undefined ? '' : ` (not run: ${s3Missing})`}`, () => {
  let server: S3Server
  beforeAll(async () => {
    server = await startS3Server()
  })
  afterAll(async () => server.stop())

  storeContract('one replica', async () => s3Harness(server, 1), 8)
  storeContract('cache-38: two replicas on one bucket', async () => s3Harness(server, 2), 12)
})
