import { randomBytes } from 'node:crypto'
import { open, stat, truncate } from 'node:fs/promises'
import { OWNER_ONLY } from './owner-only.ts'

/** Bytes set aside, to be given back when the disk is full and something has to be written down all the same. */
export interface Reserve {
  readonly release: () => Promise<void>
  /** Takes the bytes again when they were given back; harmless while the disk is still full. */
  readonly refill: () => Promise<void>
}

const SIZE = 256 * 1024

export async function openReserve(file: string): Promise<Reserve> {
  let isFull = (await stat(file).catch(() => undefined))?.size === SIZE
  const refill = async (): Promise<void> => {
    if (isFull) return
    const handle = await open(file, 'w', OWNER_ONLY.file)
    try {
      // A file system that compresses would make nothing of zeros.
      await handle.writeFile(randomBytes(SIZE))
      isFull = true
    } finally {
      await handle.close()
    }
  }
  const tolerant = async (): Promise<void> => refill().catch(async () => truncate(file, 0).catch(() => undefined))

  await tolerant()
  return {
    refill: tolerant,
    release: async () => {
      isFull = false
      await truncate(file, 0).catch(() => undefined)
    },
  }
}
