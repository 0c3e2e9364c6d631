import { setTimeout as delay } from 'node:timers/promises'
import type { Readable } from 'node:stream'
import type { Client } from './client.ts'
import { answerOf, bucketFault, onBucket } from './fault.ts'
import { readWhole } from './body.ts'
import { ATTEMPTS, type Timing } from './timing.ts'

/** A write is done only when this holds. */
export type Condition = { readonly kind: 'absent' } | { readonly kind: 'unchanged'; readonly etag: string }

export interface Opened {
  readonly body: Readable
  /** Bytes, as the server announces them. */
  readonly size: number | undefined
  readonly etag: string
}

/** The requests that a store needs, each with what can come of it. Everything else is a `StoreFault`. */
export interface Objects {
  /** `undefined` when there is no such object; that the credentials may not look is a fault. */
  readonly open: (key: string) => Promise<Opened | undefined>
  /** A small object as a whole; one that is larger than `most` is cut there. */
  readonly get: (key: string, most: number) => Promise<{ readonly bytes: Buffer; readonly etag: string } | undefined>
  readonly put: (key: string, bytes: Uint8Array, condition?: Condition) => Promise<'refused' | 'stored'>
  /** With an etag: only when the object is still that one. */
  readonly remove: (key: string, etag?: string) => Promise<'refused' | 'removed'>
}

export function objectsOf({ sdk, s3, bucket }: Client, timing: Timing): Objects {
  const open = async (key: string): Promise<Opened | undefined> =>
    onBucket('an object cannot be read', async () => {
      try {
        const { Body, ContentLength, ETag } = await s3.send(new sdk.GetObjectCommand({ Bucket: bucket, Key: key }))
        return { body: Body as Readable, etag: ETag ?? '', size: ContentLength }
      } catch (error) {
        if (answerOf(error).name === 'NoSuchKey') return undefined
        throw error
      }
    })

  /** Tries again what broke off in the middle of an answer, which the SDK cannot know. */
  const get = async (key: string, most: number): Promise<{ bytes: Buffer; etag: string } | undefined> => {
    for (let attempt = 1; ; attempt += 1) {
      const opened = await open(key)
      if (opened === undefined) return undefined
      try {
        return { bytes: await readWhole(opened.body, most), etag: opened.etag }
      } catch (error) {
        if (attempt >= ATTEMPTS) throw bucketFault(error, 'an object cannot be read')
        await delay(pause(attempt))
      }
    }
  }

  const put = async (key: string, bytes: Uint8Array, condition?: Condition): Promise<'refused' | 'stored'> =>
    onBucket('an object cannot be written', async () => {
      const input = { Body: bytes, Bucket: bucket, ContentLength: bytes.length, Key: key, ...conditionOf(condition) }
      const send = async (): Promise<'stored'> => {
        await s3.send(new sdk.PutObjectCommand(input), { requestTimeout: timing.upload })
        return 'stored'
      }
      return condition === undefined ? send() : conditional(send)
    })

  const remove = async (key: string, etag?: string): Promise<'refused' | 'removed'> =>
    onBucket('an object cannot be deleted', async () => {
      const condition = etag === undefined ? {} : { IfMatch: etag }
      const send = async (): Promise<'removed'> => {
        await s3.send(new sdk.DeleteObjectCommand({ Bucket: bucket, Key: key, ...condition }))
        return 'removed'
      }
      return etag === undefined ? send() : conditional(send)
    })

  return { get, open, put, remove }
}

function conditionOf(condition: Condition | undefined): { IfMatch?: string; IfNoneMatch?: string } {
  if (condition === undefined) return {}
  return condition.kind === 'absent' ? { IfNoneMatch: '*' } : { IfMatch: condition.etag }
}

/** A condition that does not hold is an outcome. Two conditional writes at once make S3 ask one of them to try again. */
async function conditional<Outcome>(send: () => Promise<Outcome>): Promise<Outcome | 'refused'> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send()
    } catch (error) {
      const { name, status } = answerOf(error)
      // What is gone is not unchanged; not every server calls that a failed condition.
      if (status === 412 || name === 'NoSuchKey') return 'refused'
      if (name !== 'ConditionalRequestConflict' || attempt > ATTEMPTS) throw error
      await delay(pause(attempt))
    }
  }
}

function pause(attempt: number): number {
  return 50 * 2 ** attempt * Math.random()
}
