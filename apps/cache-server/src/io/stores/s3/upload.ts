import type { Client } from './client.ts'
import { onBucket } from './fault.ts'
import { createLimit, mapLimited } from './limit.ts'
import type { Objects } from './objects.ts'
import type { S3Staging } from './staging.ts'
import { PART_BYTES, type Timing } from './timing.ts'

/** Sends finished bytes to a fresh name. */
export type Upload = (key: string, staging: S3Staging) => Promise<void>

/** Parts that are in memory at once, of all uploads together: 64 MiB. */
const MOST_PARTS = 8
const PARTS_OF_ONE = 4

/**
 * Small artifacts go up in one request, larger ones in parts. Parts are sent from memory, so that each can be tried again
 * and is covered by the signature of its request; what is in memory is bounded for all uploads together.
 */
export function uploader({ sdk, s3, bucket }: Client, objects: Objects, timing: Timing): Upload {
  const limit = createLimit(MOST_PARTS)

  const inParts = async (key: string, staging: S3Staging, size: number): Promise<void> => {
    const { UploadId } = await s3.send(new sdk.CreateMultipartUploadCommand({ Bucket: bucket, Key: key }))
    const at = { Bucket: bucket, Key: key, UploadId }
    try {
      const numbers = Array.from({ length: Math.ceil(size / PART_BYTES) }, (_, index) => index + 1)
      const parts = await mapLimited(numbers, PARTS_OF_ONE, async (number) =>
        limit(async () => {
          const bytes = await staging.slice((number - 1) * PART_BYTES, PART_BYTES)
          const input = { ...at, Body: bytes, ContentLength: bytes.length, PartNumber: number }
          const { ETag } = await s3.send(new sdk.UploadPartCommand(input), { requestTimeout: timing.upload })
          return { ETag, PartNumber: number }
        }),
      )
      const complete = new sdk.CompleteMultipartUploadCommand({ ...at, MultipartUpload: { Parts: parts } })
      await s3.send(complete, { requestTimeout: timing.upload })
    } catch (error) {
      // What is left when this fails too is taken away by the rule of the bucket that the guide asks for.
      await s3.send(new sdk.AbortMultipartUploadCommand(at)).catch(() => undefined)
      throw error
    }
  }

  return async (key, staging) => {
    const size = staging.finished()?.size
    if (size === undefined) throw new TypeError('the upload has not ended yet')
    if (size > PART_BYTES) await onBucket('an artifact cannot be stored', async () => inParts(key, staging, size))
    else await limit(async () => objects.put(key, await staging.slice(0, size)))
  }
}
