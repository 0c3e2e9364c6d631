/** Bytes of small artifacts that were read lately, up to a number of bytes; the one unused longest goes first. */
export interface Memory {
  readonly get: (digest: string) => Buffer | undefined
  readonly set: (digest: string, bytes: Buffer) => void
  readonly delete: (digest: string) => void
}

/** What one entry takes beside its bytes, so that a great many tiny ones stay within the bound too. */
const OVERHEAD_BYTES = 256

export function createMemory(maxBytes: number): Memory {
  const held = new Map<string, Buffer>()
  let total = 0

  const remove = (digest: string): void => {
    const bytes = held.get(digest)
    if (bytes === undefined) return
    total -= bytes.length + OVERHEAD_BYTES
    held.delete(digest)
  }
  return {
    delete: remove,
    get: (digest) => {
      const bytes = held.get(digest)
      if (bytes === undefined) return undefined
      held.delete(digest)
      held.set(digest, bytes)
      return bytes
    },
    set: (digest, bytes) => {
      remove(digest)
      held.set(digest, bytes)
      total += bytes.length + OVERHEAD_BYTES
      for (const oldest of held.keys()) {
        if (total <= maxBytes) return
        remove(oldest)
      }
    },
  }
}
