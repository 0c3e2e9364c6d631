import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { Staging } from '../../store.ts'
import { faultOf, onMedium } from './fault.ts'
import type { Layout } from './layout.ts'
import type { Durability } from './sync.ts'

/** A staging with what publishing needs of it. */
export interface DiskStaging extends Staging {
  readonly file: string
  /** Says that the file has gone elsewhere, so that `discard` has nothing to take away. */
  readonly moved: () => void
  /** What `finish` said; `undefined` before. */
  readonly finished: () => { readonly size: number; readonly digest: string } | undefined
}

/** So many bytes wait for the disk before the writer waits too. */
const MAX_PENDING = 512 * 1024
const CHUNK = 256 * 1024
const WHAT = 'an upload cannot be written'

/** Opens a fresh file that nobody else has, for bytes on their way in. */
export async function openStaging(layout: Layout, durability: Durability): Promise<DiskStaging> {
  const path = join(layout.temporary, randomUUID())
  const file = await onMedium(WHAT, async () => open(path, 'wx', 0o600))
  const hash = createHash('sha256')
  let pending: Uint8Array[] = []
  let pendingBytes = 0
  let size = 0
  let finished: { size: number; digest: string } | undefined
  let fault: unknown
  let flushing: Promise<void> | undefined
  let isClosed = false
  let isMoved = false

  /** Writes what waits, as one, until nothing waits. */
  const flush = async (): Promise<void> => {
    while (pending.length > 0 && fault === undefined) {
      const batch = pending
      pending = []
      pendingBytes = 0
      try {
        await writeAll(file, batch)
      } catch (error) {
        fault = faultOf(error, WHAT)
      }
    }
    flushing = undefined
  }
  const settle = async (): Promise<void> => {
    await flushing
    if (fault !== undefined) throw fault
  }
  const closeFile = async (): Promise<void> => {
    if (isClosed) return
    isClosed = true
    await file.close()
  }

  return {
    file: path,
    finished: () => finished,
    moved: () => {
      isMoved = true
    },
    write: async (chunk) => {
      if (finished !== undefined || isClosed) throw new TypeError('the upload has ended already')
      if (fault !== undefined) throw fault
      hash.update(chunk)
      size += chunk.length
      pending.push(chunk)
      pendingBytes += chunk.length
      flushing ??= flush()
      if (pendingBytes >= MAX_PENDING) await settle()
    },
    finish: async () => {
      await settle()
      await onMedium(WHAT, async () => {
        if (durability === 'fdatasync') await file.datasync()
        await closeFile()
      })
      finished ??= { size, digest: hash.digest('hex') }
      return finished
    },
    read: async () => createReadStream(path, { highWaterMark: CHUNK }),
    discard: async () => {
      fault ??= new TypeError('the upload was discarded')
      await flushing
      await closeFile().catch(() => undefined)
      if (isMoved) return
      await onMedium('an upload cannot be taken away', async () => rm(path, { force: true }))
    },
  }
}

async function writeAll(file: FileHandle, chunks: readonly Uint8Array[]): Promise<void> {
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  const { bytesWritten } = await file.writev(chunks)
  if (bytesWritten === bytes) return
  for (let rest = Buffer.concat(chunks).subarray(bytesWritten); rest.length > 0;) {
    rest = rest.subarray((await file.write(rest)).bytesWritten)
  }
}
