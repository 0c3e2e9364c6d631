import type { FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { callbackify } from 'node:util'
import { CHUNK, lendChunk } from '../../chunk-pool.ts'

/** The bytes of an open file in chunks that can be given back. Closes the file at the end, and when it is destroyed. */
export function blobStream(file: FileHandle, size: number): Readable {
  let at = 0
  const next = async (): Promise<Buffer | null> => {
    if (at === size) return null
    const chunk = lendChunk()
    const { bytesRead } = await file.read(chunk, 0, Math.min(CHUNK, size - at), at)
    if (bytesRead === 0) throw new Error('the file is shorter than it was')
    at += bytesRead
    return chunk.subarray(0, bytesRead)
  }
  const close = callbackify(async () => file.close())
  return new Readable({
    highWaterMark: CHUNK,
    read() {
      next().then(
        (chunk) => this.push(chunk),
        (error: Error) => this.destroy(error),
      )
    },
    destroy(error, done) {
      close((closing) => done(error ?? closing))
    },
  })
}
