import { createHash } from 'node:crypto'
import { mkdir, open, opendir, rename, rm, stat, unlink, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { BigIntStats } from 'node:fs'
import { codeOf, onMedium } from './fault.ts'
import { isDigest, type Layout } from './layout.ts'
import { OWNER_ONLY } from './owner-only.ts'
import { syncFolder, type Durability } from './sync.ts'

/** The bytes of the store, one file for each digest. What is done to one digest is put in order by the caller. */
export interface Blobs {
  /** Moves finished bytes to their place, unless the same are there and known to be whole. */
  readonly place: (temporary: string, digest: string, size: number) => Promise<void>
  /** An open file whose bytes are those of the digest, or why there is none. The caller closes it. */
  readonly open: (digest: string, size: number) => Promise<Opened>
  readonly has: (digest: string) => Promise<boolean>
  readonly remove: (digest: string) => Promise<void>
  /** Every digest that has a file. */
  readonly digests: () => AsyncIterable<string>
}

export type Opened = { readonly kind: 'open'; readonly file: FileHandle } | { readonly kind: 'damaged' | 'missing' }

const CHUNK = 256 * 1024

export function openBlobs(layout: Layout, durability: Durability): Blobs {
  /** What a file was like when its bytes were last seen to be those of its name. */
  const verified = new Map<string, string>()
  const verifying = new Map<string, Promise<boolean>>()

  const verify = async (file: FileHandle, digest: string, state: string): Promise<boolean> => {
    if (verified.get(digest) === state) return true
    const name = `${digest} ${state}`
    const running = verifying.get(name)
    if (running !== undefined) return running
    const mine = digestOf(file).then((actual) => actual === digest)
    verifying.set(name, mine)
    try {
      const isWhole = await mine
      if (isWhole) verified.set(digest, state)
      return isWhole
    } finally {
      verifying.delete(name)
    }
  }

  return {
    place: async (temporary, digest, size) =>
      onMedium('an artifact cannot be filed', async () => {
        const path = layout.blob(digest)
        const present = await statOf(path)
        if (present !== undefined && present.size === BigInt(size) && verified.get(digest) === stateOf(present)) {
          await unlink(temporary)
          return
        }
        await moveInto(temporary, path)
        if (durability === 'fdatasync') await syncFolder(dirname(path))
        const placed = await statOf(path)
        if (placed !== undefined) verified.set(digest, stateOf(placed))
      }),
    open: async (digest, size) =>
      onMedium('an artifact cannot be read', async () => {
        const file = await open(layout.blob(digest), 'r').catch((error: unknown) => {
          if (codeOf(error) === 'ENOENT') return undefined
          throw error
        })
        if (file === undefined) return { kind: 'missing' }
        try {
          const found = await file.stat({ bigint: true })
          if (found.size === BigInt(size) && (await verify(file, digest, stateOf(found)))) return { kind: 'open', file }
        } catch (error) {
          await file.close()
          throw error
        }
        await file.close()
        return { kind: 'damaged' }
      }),
    has: async (digest) => (await statOf(layout.blob(digest))) !== undefined,
    remove: async (digest) =>
      onMedium('an artifact cannot be removed', async () => {
        verified.delete(digest)
        await rm(layout.blob(digest), { force: true })
      }),
    digests: async function* digests() {
      for await (const shard of namesIn(layout.blobs)) {
        for await (const name of namesIn(`${layout.blobs}/${shard}`)) if (isDigest(name)) yield name
      }
    },
  }
}

/** The file's number, size and time of last change: bytes that somebody touched since are looked at again. */
function stateOf({ ino, size, ctimeNs }: BigIntStats): string {
  return `${ino} ${size} ${ctimeNs}`
}

async function statOf(path: string): Promise<BigIntStats | undefined> {
  return stat(path, { bigint: true }).catch(() => undefined)
}

async function moveInto(temporary: string, path: string): Promise<void> {
  try {
    await rename(temporary, path)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
    // Not `recursive`: Node then says ENOENT where the file system has no inode left.
    await mkdir(dirname(path), OWNER_ONLY.folder).catch((failure: unknown) => {
      if (codeOf(failure) !== 'EEXIST') throw failure
    })
    await rename(temporary, path)
  }
}

async function digestOf(file: FileHandle): Promise<string> {
  const hash = createHash('sha256')
  const chunk = Buffer.allocUnsafe(CHUNK)
  for (let at = 0; ;) {
    const { bytesRead } = await file.read(chunk, 0, CHUNK, at)
    if (bytesRead === 0) return hash.digest('hex')
    hash.update(chunk.subarray(0, bytesRead))
    at += bytesRead
  }
}

async function* namesIn(folder: string): AsyncGenerator<string> {
  const handle = await opendir(folder).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined
    throw error
  })
  if (handle === undefined) return
  for await (const { name } of handle) yield name
}
