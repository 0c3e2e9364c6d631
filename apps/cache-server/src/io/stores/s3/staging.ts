import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { StoreFault, type Staging } from '../../store.ts'

/** A staging with what publishing needs of it. */
export interface S3Staging extends Staging {
  /** What `finish` said; `undefined` before. */
  readonly finished: () => { readonly size: number; readonly digest: string } | undefined
  /** Up to `length` of the finished bytes, from there on. */
  readonly slice: (at: number, length: number) => Promise<Buffer>
}

/** The staging of this store that somebody hands back. */
export function asS3Staging(staging: Staging): S3Staging {
  if (!('slice' in staging)) throw new TypeError('the staging is of another store')
  return staging as S3Staging
}

export interface StagingArea {
  readonly stage: (size: number) => Promise<S3Staging>
}

const CHUNK = 256 * 1024

/**
 * A folder for bytes that are not checked yet, all together within a bound. A file loses its name as soon as it is open,
 * so nothing is left behind however this process ends.
 */
export function stagingArea(folder: string, limit: number): StagingArea {
  let taken = 0

  const stage = async (declared: number): Promise<S3Staging> => {
    if (taken + declared > limit) throw new StoreFault('full', 'the uploads that are not checked yet take all the room there is')
    taken += declared
    try {
      return await openStaging(folder, declared, () => (taken -= declared))
    } catch (error) {
      taken -= declared
      throw localFault(error)
    }
  }
  return { stage }
}

async function openStaging(folder: string, declared: number, onEnd: () => void): Promise<S3Staging> {
  await mkdir(folder, { recursive: true })
  const path = join(folder, `upload-${randomUUID()}`)
  const file = await open(path, 'wx+', 0o600)
  await rm(path)
  const hash = createHash('sha256')
  let size = 0
  let finished: { readonly size: number; readonly digest: string } | undefined
  let isOver = false

  const onDisk = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    if (isOver) throw new TypeError('the upload has ended already')
    return work().catch((error: unknown) => {
      throw localFault(error)
    })
  }
  const slice = async (at: number, length: number): Promise<Buffer> =>
    onDisk(async () => {
      const wanted = Buffer.allocUnsafe(Math.max(0, Math.min(length, size - at)))
      let read = 0
      while (read < wanted.length) {
        const { bytesRead } = await file.read(wanted, read, wanted.length - read, at + read)
        if (bytesRead === 0) throw new StoreFault('unavailable', 'an upload lost bytes on the way to the bucket')
        read += bytesRead
      }
      return wanted
    })

  return {
    slice,
    finished: () => finished,
    write: async (chunk) =>
      onDisk(async () => {
        if (finished !== undefined) throw new TypeError('the upload has ended already')
        if (size + chunk.length > declared) throw new RangeError('more bytes than were declared')
        hash.update(chunk)
        for (let at = 0; at < chunk.length;) at += (await file.write(chunk, at, chunk.length - at, size + at)).bytesWritten
        size += chunk.length
      }),
    finish: async () => {
      finished ??= { size, digest: hash.digest('hex') }
      return finished
    },
    read: async () =>
      Readable.from(
        (async function* pieces() {
          for (let at = 0; at < size; at += CHUNK) yield slice(at, CHUNK)
        })(),
        { objectMode: false },
      ),
    discard: async () => {
      if (isOver) return
      isOver = true
      onEnd()
      await file.close().catch(() => undefined)
    },
  }
}

function localFault(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof StoreFault || !('code' in error)) return error
  const isFull = error.code === 'ENOSPC' || error.code === 'EDQUOT'
  return new StoreFault(isFull ? 'full' : 'unavailable', `an upload cannot be staged: ${error.message}`, { cause: error })
}
