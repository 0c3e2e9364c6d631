import { join } from 'node:path'

/** Where things are in the directory of a store. No path ever holds a name from outside: blobs are named by digest only. */
export interface Layout {
  readonly root: string
  readonly blobs: string
  readonly journal: string
  readonly locks: string
  /** Bytes set aside so that removals can be written down on a full disk. */
  readonly reserve: string
  readonly temporary: string
  readonly blob: (digest: string) => string
}

const DIGEST = /^[0-9a-f]{64}$/u

export function layoutOf(root: string): Layout {
  const blobs = join(root, 'blobs', 'sha256')
  return {
    root,
    blobs,
    journal: join(root, 'index.journal'),
    locks: join(root, 'locks'),
    reserve: join(root, 'reserve'),
    temporary: join(root, 'tmp'),
    blob: (digest) => {
      if (!isDigest(digest)) throw new RangeError('a blob is named by the hex SHA-256 of its bytes')
      return join(blobs, digest.slice(0, 2), digest)
    },
  }
}

export function isDigest(text: string): boolean {
  return DIGEST.test(text)
}
