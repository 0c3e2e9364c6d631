import type { FileHandle } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import type { Entry } from '../../../core/entry.ts'
import { blobStream } from './blob-stream.ts'
import { dropDamaged } from './drop.ts'
import { onMedium } from './fault.ts'
import type { Parts } from './parts.ts'

/** Artifacts up to this size are read whole, and held in memory. */
const SMALL = 256 * 1024

/** The bytes of a row; when they are not there as they were written, all rows that need them are dropped. */
export async function read(parts: Parts, entry: Entry): Promise<Readable | Uint8Array | undefined> {
  const { rows, touched, memory, blobs, now } = parts
  const row = rows.get(entry)
  if (row === undefined || row.entry.digest !== entry.digest) return undefined
  row.used = Math.max(row.used, now())
  touched.add(row)

  const { digest, size } = row.entry
  // Nothing can be wrong with no bytes, and the rows that say which bytes may not come back have none.
  if (size === 0) return new Uint8Array()
  const held = memory.get(digest)
  if (held !== undefined) return held
  const opened = await blobs.open(digest, size)
  if (opened.kind !== 'open') {
    await dropDamaged(parts, digest, size)
    return undefined
  }
  if (size > SMALL) return blobStream(opened.file, size)
  const bytes = await readWhole(opened.file, size)
  if (rows.references(digest) > 0) memory.set(digest, bytes)
  return bytes
}

async function readWhole(file: FileHandle, size: number): Promise<Buffer> {
  return onMedium('an artifact cannot be read', async () => {
    try {
      const bytes = Buffer.allocUnsafeSlow(size)
      for (let at = 0; at < size;) {
        const { bytesRead } = await file.read(bytes, at, size - at, at)
        if (bytesRead === 0) throw new Error('the file is shorter than it was')
        at += bytesRead
      }
      return bytes
    } finally {
      await file.close()
    }
  })
}
